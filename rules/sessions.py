"""Family `sessions`: accounts of the staff are used by their owners only, and students have no part in the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from ingest.journal import codes_of
from ingest.people import STAFF
from ingest.vocabulary import ROLES
from ingest.wording import _, ngettext
from rules.cases import Cases, silent, units
from rules.norm import Norm, Role
from rules.telling import some, when

if TYPE_CHECKING:
    from rules.setting import Setting

Check = Literal["student_session", "foreign_role", "two_devices", "student_entry", "student_rights"]
_ENTRIES = (
    "topic.recorded", "homework.recorded", "attendance.taken", "attendance.recorded", "attendance.changed", "mark.recorded",
    "mark.changed", "mark.deleted", "period_mark.recorded", "period_mark.changed", "exam_mark.recorded", "final_mark.recorded",
)  # fmt: skip


class Sessions(Norm):
    """Nobody but its owner works under an account; no student works in the journal.

    Broken: a session with the role of a student under a teacher's account. Kept: the teacher's own session. Two devices within a few
    minutes are only a sign, and give at most a review.
    """

    family: Literal["sessions"]
    check: Check = Field(
        description="student_session – ученик под записью сотрудника; foreign_role – чужая роль; two_devices – два устройства сразу; "
        "student_entry – запись в журнале сделал ученик; student_rights – ученику дали роль сотрудника"
    )
    of: tuple[Role, ...] = Field(default=STAFF, description="Чьи учётные записи проверяются")
    minutes: int = Field(default=10, ge=1, description="Для two_devices: сеансы не дальше друг от друга")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per session, entry or assignment that must not be; `person` is the owner, or who holds the rule's role."""
        match self.check:
            case "student_entry":
                return self._breaches(self._entries(setting), setting)
            case "student_rights":
                return self._breaches(self._rights(setting), setting)
        if not setting.journal.has("session.opened"):
            owners = setting.people.ever(*self.of)
            return silent(self, ("act",), int(owners.sum()), ban=True)
        sessions = setting.people.acts("session.opened", "account", role="word", device="word")
        sessions = sessions[setting.people.holds(self.of, sessions["person"].to_numpy(), sessions["day"].to_numpy())]
        match self.check:
            case "student_session":
                return self._breaches(self._by_students(sessions, setting), setting)
            case "foreign_role":
                return self._breaches(self._foreign_roles(sessions, setting), setting)
            case _:
                return self._breaches(self._devices(sessions, setting), setting)

    def _breaches(self, frame: pd.DataFrame, setting: Setting) -> Cases:
        people, words = np.append(setting.journal.names("person"), ""), np.append(setting.journal.names("word"), "")
        days = frame["day"].to_numpy(dtype=np.int64)
        frame = frame.assign(
            act=frame["event"],
            ev_record=frame["event"],
            fig_done=frame["done"],
            fig_role=words[frame["role"].to_numpy()] if "role" in frame else "",
            fig_actor=people[frame["actor"].to_numpy()],
            fig_former=frame["former"] if "former" in frame else np.datetime64("NaT", "us"),
        ).drop(columns="role", errors="ignore")
        frame["role"] = setting.people.role_shown(frame["person"].to_numpy(dtype=np.int32), days, self.role)
        grain = ("person", "day") if self.check == "two_devices" else ("act",)
        return Cases(self, units(frame), grain, ban=True, status="forbidden")

    # ---- sessions --------------------------------------------------------------------------------------------------------------

    def _by_students(self, sessions: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        people = setting.people
        account, actor = sessions["person"].to_numpy(), sessions["actor"].to_numpy()
        students = people.ever("student")
        as_student = self._named("student", setting)[sessions["role"].to_numpy()] & ~students[account]
        by_student = students[actor] & ~people.staff[actor] & (actor != account)
        frame: pd.DataFrame = sessions.assign(student=np.where(by_student, actor, -1))[as_student | by_student]
        return frame.reset_index(drop=True)

    def _foreign_roles(self, sessions: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """Sessions in a role of the staff or of a parent that the owner does not hold; a student's role is another check's."""
        account, days = sessions["person"].to_numpy(), sessions["day"].to_numpy()
        foreign = np.zeros(len(sessions), dtype=bool)
        for role in sorted(ROLES - {"student"}):
            in_role = self._named(role, setting)[sessions["role"].to_numpy()]
            if in_role.any():
                foreign |= in_role & ~setting.people.holds([role], account, days)
        return sessions[foreign].reset_index(drop=True)

    def _devices(self, sessions: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        """Sessions on another device than the account's one before, so many minutes after it."""
        known = sessions[sessions["device"].to_numpy() >= 0].sort_values(["person", "event"], ignore_index=True)
        before = known.groupby("person")[["done", "device", "event"]].shift(1)
        near = (known["done"] - before["done"]) <= np.timedelta64(self.minutes, "m")
        other = before["device"].notna() & (before["device"] != known["device"])
        doubtful = "review" if self.verdict == "violation" else self.verdict
        frame: pd.DataFrame = known.assign(former=before["done"], ev_former=before["event"].fillna(-1).astype(np.int32), late=doubtful)
        return frame[(near & other).to_numpy()].reset_index(drop=True)

    def _named(self, role: str, setting: Setting) -> npt.NDArray[np.bool_]:
        return np.append(setting.journal.names("word") == role, False)

    # ---- students in the journal -----------------------------------------------------------------------------------------------

    def _entries(self, setting: Setting) -> pd.DataFrame:
        """Entries made by students; who answers for rights is the one who holds the rule's role."""
        people = setting.people
        students = people.ever("student") & ~people.staff
        parts = []
        for event_type in _ENTRIES:
            # Almost always there is none, and the entries of a year are many.
            table = setting.journal.table(event_type)
            by_student = students[codes_of(table["actor"])]
            fields = {"lesson": "lesson"} if "lesson" in table else {}
            parts += [setting.journal.entries(event_type, **fields)[by_student]] if by_student.any() else []
        if not parts:
            parts = [setting.journal.entries("exam_mark.recorded").iloc[:0]]
        frame = pd.concat(parts, ignore_index=True)
        frame = frame.assign(lesson=frame["lesson"].fillna(-1).astype(np.int32) if "lesson" in frame else np.int32(-1))
        days = setting.journal.local_day(frame["done"].to_numpy())
        return frame.assign(day=days, student=frame["actor"], person=setting.journal.holders(self.role, days))

    def _rights(self, setting: Setting) -> pd.DataFrame:
        """Roles of the staff given to somebody who was a student in a class on that day; whoever gave them answers."""
        given = setting.people.acts("role.assigned", role="word")
        staff = np.zeros(setting.journal.size("word") + 1, dtype=bool)
        for role in STAFF:
            staff |= self._named(role, setting)
        enrolled = setting.people.class_of(given["person"].to_numpy(), given["day"].to_numpy()) >= 0
        chosen: npt.NDArray[np.bool_] = enrolled & staff[given["role"].to_numpy()]
        frame: pd.DataFrame = given.assign(student=given["person"], person=given["actor"])
        return frame[chosen].reset_index(drop=True)

    # ---- words -----------------------------------------------------------------------------------------------------------------

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian which session, entry or assignment it was."""
        return some([self._sentence(case, setting) for case in figures])

    def _sentence(self, case: Mapping[str, object], setting: Setting) -> str:
        done = when(case["done"], setting)
        match self.check:
            case "student_session" if case["student"]:
                return _("сеанс под этой учётной записью {done} открыл ученик {student}").format(done=done, student=case["student"])
            case "student_session":
                return _("сеанс под этой учётной записью {done} открыт в роли ученика").format(done=done)
            case "foreign_role":
                return _("сеанс {done} открыт в роли {role}, а её у владельца записи нет").format(done=done, role=case["role"])
            case "two_devices":
                minutes = ngettext(self.minutes, "минуты", "минут", "минут")
                return _("сеанс {done} — с другого устройства, чем в {former}, в пределах {n} {minutes}; это лишь признак").format(
                    done=done, former=when(case["former"], setting), n=self.minutes, minutes=minutes
                )
            case "student_entry":
                return _("запись {done} сделал ученик {student}").format(done=done, student=case["student"])
            case _:
                return _("{done} ученику {student} дана роль {role}").format(done=done, student=case["student"], role=case["role"])
