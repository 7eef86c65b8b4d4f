"""What can be done about people, keys and sessions. Each writes its ledger entry in the same transaction."""

from evenhand.desk.accounts.services.keys import (
    SCOPES,
    create_key,
    create_program,
    end_program,
    parse_scopes,
    revoke_key,
    touch_key,
)
from evenhand.desk.accounts.services.lockouts import note_lockout
from evenhand.desk.accounts.services.logins import LINK_MINUTES, one_time_login, use_one_time_login
from evenhand.desk.accounts.services.people import (
    change_password,
    change_roles,
    create_user,
    deactivate,
    grant_role,
    reactivate,
    revoke_role,
    set_preferences,
)
from evenhand.desk.accounts.services.refused import Refused
from evenhand.desk.accounts.services.repeating import Reused, forget_answers, once
from evenhand.desk.accounts.services.second_factor import (
    remove_second_factor,
    second_factor_changed,
    use_code,
)
from evenhand.desk.accounts.services.sessions import note_activity, revoke_session, revoke_sessions

__all__ = [
    "LINK_MINUTES",
    "SCOPES",
    "Refused",
    "Reused",
    "change_password",
    "change_roles",
    "create_key",
    "create_program",
    "create_user",
    "deactivate",
    "end_program",
    "forget_answers",
    "grant_role",
    "note_activity",
    "note_lockout",
    "once",
    "one_time_login",
    "parse_scopes",
    "reactivate",
    "remove_second_factor",
    "revoke_key",
    "revoke_role",
    "revoke_session",
    "revoke_sessions",
    "second_factor_changed",
    "set_preferences",
    "touch_key",
    "use_code",
    "use_one_time_login",
]
