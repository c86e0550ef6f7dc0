"""Registers every feature's tables, for migrations and for opening a database."""

from backend.accounts import models as accounts
from backend.asks import models as asks
from backend.coding import models as coding
from backend.core import audit, jobs
from backend.digests import models as digests
from backend.entry import models as entry
from backend.exports import models as exports
from backend.forum import models as forum
from backend.history import models as history
from backend.imports import models as imports
from backend.in_touch import models as in_touch
from backend.insight import models as insight
from backend.messaging import models as messaging
from backend.offline import models as offline
from backend.paper import models as paper
from backend.people import models as people
from backend.placements import models as placements
from backend.preferences import models as preferences
from backend.quotes import models as quotes
from backend.reach import models as reach
from backend.reviews import models as reviews
from backend.safeguarding import models as safeguarding
from backend.summaries import models as summaries
from backend.surveys import models as surveys

MODULES = (
    accounts,
    asks,
    audit,
    coding,
    digests,
    entry,
    exports,
    forum,
    history,
    imports,
    in_touch,
    insight,
    jobs,
    messaging,
    offline,
    paper,
    people,
    placements,
    preferences,
    quotes,
    reach,
    reviews,
    safeguarding,
    summaries,
    surveys,
)
