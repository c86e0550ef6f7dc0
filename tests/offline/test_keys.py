"""The server's keys for sealed queues: nobody else reads them, and they are renewed by name."""

import stat
from datetime import datetime, timedelta
from pathlib import Path

from backend.core import clock
from backend.offline.keys import KEY_FILE, keys_in, opening_key, renew, sealing_key


def test_the_key_file_is_its_owners_alone_and_stays_the_same(tmp_path: Path) -> None:
    first = sealing_key(tmp_path)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert sealing_key(tmp_path).kid == first.kid
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_a_renewed_key_seals_and_the_one_before_still_opens(tmp_path: Path) -> None:
    first = sealing_key(tmp_path)
    fresh = renew(tmp_path)
    assert sealing_key(tmp_path).kid == fresh.kid != first.kid
    before = opening_key(tmp_path, first.kid)
    assert before is not None
    assert before.public == first.public
    assert opening_key(tmp_path, "no-such-key") is None


def test_a_key_seals_for_a_month_and_is_gone_once_nothing_can_wait_for_it(
    tmp_path: Path, noon: datetime
) -> None:
    first = sealing_key(tmp_path)
    with clock.set_to(noon + timedelta(days=31)):
        second = sealing_key(tmp_path)
        assert second.kid != first.kid
        assert opening_key(tmp_path, first.kid) is not None
    with clock.set_to(noon + timedelta(days=62)):
        sealing_key(tmp_path)
        assert first.kid not in {key.kid for key in keys_in(tmp_path)}
