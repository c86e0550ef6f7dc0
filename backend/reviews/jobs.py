"""The day's duty of reviews: nobody living is without an open one."""

from backend.reviews.refreshing import ensure_all

DAILY = (ensure_all,)
