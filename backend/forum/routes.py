"""Pages of contributors."""

from fastapi import APIRouter

router = APIRouter()
