"""Award scenarios for analysis, and the award 定标: one decision for each lot, under the published rule alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from app.awarding.awards.scenarios import read_problem, solve
from app.awarding.awards.schemas import AwardChange, AwardsIn
from app.awarding.awards.stored import decided_before, in_play, published_rule, stored_problem
from app.awarding.awards.tables import Award, AwardScenario
from app.awarding.contracts.binding_contract import require_no_contract
from app.awarding.evaluation.service import lot_ranking
from app.awarding.evaluation.sheets import require_complete
from app.core.awards.assignment import AwardState, Rule, after_a_fall
from app.core.awards.state import AWARD
from app.core.procedure.qualification import BidState
from app.core.procedure.state_machine import Mover
from app.core.procedure.tender_state import LotState, TenderState
from app.core.values.canonical import canonical_json, sha256_hex
from app.core.values.engine_version import ENGINE_VERSION
from app.core.values.json_reader import InputError, Node, parse_json
from app.examination.clarifications.service import require_explained
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids.service import BidInPlay, bids_in_play
from app.tendering.notices.publish import publish_notice
from app.tendering.tenders.procedure import Procedure, procedure_of
from app.tendering.tenders.service import move_lot

MEMBERS = ("lots", "rule", "objective", "limits", "lotOrder", "settled")
PHASES = (TenderState.EVALUATION, TenderState.AWARDED)


class AwardRuleNotPublished(Conflict):
    """A tender must be awarded by the rule, limits and order in its documents."""

    code, title = "award_rule_not_published", "Awards require a scenario under the published rule"
    article = "政府采购法实施条例 第三十四条"


class AwardTied(Conflict):
    """An officer must settle a tie on every ranking key, by the method in the tender documents."""

    code, title = "award_tied", "Unsettled tie between the candidates of a lot"
    article = "财政部令第87号 第六十八条"


class ScenarioOutdated(Conflict):
    """Since the scenario was computed, a lot was ranked again or a winner's bid became invalid."""

    code, title = "scenario_outdated", "The scenario is outdated: rankings or bids have changed"


class AwardExists(Conflict):
    """A lot can have only one current award."""

    code, title = "award_exists", "The lot already has an award decision"


class AwardStep(Conflict):
    """The award's state does not allow this (app/core/awards/state.py)."""

    code, title = "award_step", "The award's state does not allow this step"
    subjects = ("award",)


class AwardLimitExceeded(Conflict):
    """Together with its existing awards, a supplier would win more lots than the published limit."""

    code, title = "award_limit_exceeded", "A supplier would win more lots than the published limit"


def compute(work: UnitOfWork, tender_id: str, content: bytes) -> AwardScenario:
    """Compute and store a scenario, from the request's rankings or from the tender's."""
    try:
        asked = Node(parse_json(content) if content.strip() else {})
        parts = asked.members(*MEMBERS)
        return _from_stored(work, tender_id, parts) if parts["lots"].missing else _from_given(work, tender_id, parts)
    except InputError as error:
        faults = [Fault(fault.code, fault.message, fault.pointer) for fault in error.faults[:100]]
        raise Invalid(pointer=faults[0].pointer if len(faults) == 1 else None, faults=faults) from None


def _from_stored(work: UnitOfWork, tender_id: str, asked: Mapping[str, Node]) -> AwardScenario:
    procedure = in_play(work, procedure_of(work, tender_id))
    procedure.require(*PHASES)
    stored = stored_problem(work, procedure, asked)
    problem, rule = read_problem(Node(stored.data))
    published = published_rule(procedure).names(problem, rule)
    decided = decided_before(work, procedure.id)
    if decided.fallen:
        problem = after_a_fall(problem, decided.standing, decided.fallen)
    row = AwardScenario(rule=rule.value, published=published, rankings=stored.rankings, result=solve(problem, rule))
    data = {"problem": stored.data, "settled": asked["settled"].value, "decided": decided.written}
    return _store(work, procedure, row, data)


def _from_given(work: UnitOfWork, tender_id: str, asked: Mapping[str, Node]) -> AwardScenario:
    """Analyse the request's rankings; solving them before the first statement keeps the database lock short."""
    if not asked["settled"].missing:
        raise asked["settled"].refuse("unknown_key", "Settled ties are accepted only for stored rankings")
    data = {name: part.value for name, part in asked.items() if name != "settled" and not part.missing}
    problem, rule = read_problem(Node(data))
    row = AwardScenario(rule=rule.value, published=False, rankings=None, result=solve(problem, rule))
    return _store(work, procedure_of(work, tender_id), row, {"problem": data, "settled": None})


def _store(work: UnitOfWork, procedure: Procedure, row: AwardScenario, data: dict[str, Any]) -> AwardScenario:
    row.tender_id, row.input = procedure.id, data
    row.input_hash = sha256_hex(canonical_json({"input": data, "policy": procedure.policy_sha256}))
    row.result_hash = sha256_hex(canonical_json(row.result))
    row.policy_sha256, row.engine_version, row.computed_by = procedure.policy_sha256, ENGINE_VERSION, work.principal.id
    work.session.add(row)
    work.session.flush()
    after = {"rule": row.rule, "published": row.published, "inputHash": row.input_hash, "resultHash": row.result_hash}
    work.record(Event.OFFICER_AWARD_SCENARIO_COMPUTE, subject=row.id, tender=procedure.id, after=after)
    return row


def decide(work: UnitOfWork, tender_id: str, body: AwardsIn) -> list[Award]:
    """Decide on the lots of a scenario (财政部令第87号 第六十八条): award them to its winners, and fail the lots without one."""
    procedure = in_play(work, procedure_of(work, tender_id))
    procedure.require(*PHASES)
    scenario = _decidable(work, procedure, body.scenario)
    lots = _lots(procedure, body.lots or _of(scenario))
    for won in scenario.result["assignment"]:
        if won["lot"] in lots:
            require_complete(work, procedure, won["lot"])
    require_explained(work, _warned(work, lots))
    opened = {lot_id: {bid.id: bid for bid in bids_in_play(work, lot_id)} for lot_id in lots}
    _none_stands(work, lots)
    awards = [_award(work, scenario, lot_id, opened[lot_id], body.reason) for lot_id in lots]
    work.session.add_all(awards)
    work.session.flush()
    _within_limits(work, procedure)
    for award in awards:
        _announce(work, award)
    return awards


def _decidable(work: UnitOfWork, procedure: Procedure, scenario_id: str) -> AwardScenario:
    scenario = find_scenario(work, procedure.id, scenario_id, "/scenario")
    if not scenario.published:
        raise AwardRuleNotPublished
    if scenario.result["ties"]:
        raise AwardTied
    for lot_id, ranking_id in (scenario.rankings or {}).items():
        newest = lot_ranking(work, lot_id)
        if newest is None or newest.id != ranking_id:
            raise ScenarioOutdated
    return scenario


def _of(scenario: AwardScenario) -> list[str]:
    """Return the lots that a scenario covers."""
    return [one["lot"] for one in (*scenario.result["assignment"], *scenario.result["unassigned"])]


def _lots(procedure: Procedure, asked: Sequence[str]) -> list[str]:
    every = [lot.id for lot in procedure.lots]
    unknown = [place for place, lot_id in enumerate(asked) if lot_id not in every]
    if unknown:
        faults = [Fault("unknown_lot", "A lot of this tender is expected", f"/lots/{place}") for place in unknown[:50]]
        raise Invalid(faults=faults)
    return [lot_id for lot_id in every if lot_id in asked]


def _warned(work: UnitOfWork, lots: Sequence[str]) -> set[str]:
    """Return the ranked bids of these lots with an abnormally low price (第六十条)."""
    rankings = [lot_ranking(work, lot_id) for lot_id in lots]
    return {bid for ranking in rankings if ranking is not None for bid in ranking.abnormally_low}


def _none_stands(work: UnitOfWork, lots: Sequence[str]) -> None:
    query = select(Award.id).where(Award.lot_id.in_(lots), Award.state != AwardState.CANCELLED).limit(1)
    if work.session.scalar(query) is not None:
        raise AwardExists


def _award(
    work: UnitOfWork, scenario: AwardScenario, lot_id: str, opened: Mapping[str, BidInPlay], reason: str | None
) -> Award:
    assert scenario.rankings is not None  # a published scenario is based on stored rankings
    award = Award(
        tender_id=scenario.tender_id,
        lot_id=lot_id,
        scenario_id=scenario.id,
        ranking_id=scenario.rankings[lot_id],
        decided_by=work.principal.id,
    )
    won = next((one for one in scenario.result["assignment"] if one["lot"] == lot_id), None)
    if won is None:
        left = next(one for one in scenario.result["unassigned"] if one["lot"] == lot_id)
        award.state, award.reason = AwardState.UNSUCCESSFUL.value, left["reason"]
        return award
    bid = opened[won["bid"]]
    if bid.state is not BidState.VALID:
        raise ScenarioOutdated
    award.state, award.reason = AwardState.ACTIVE.value, reason
    award.bid_id, award.organization_id, award.price = bid.id, bid.organization_id, bid.price
    return award


def _within_limits(work: UnitOfWork, procedure: Procedure) -> None:
    """Check the limits, counting awards of earlier decisions; under `independent` no limits apply."""
    published = published_rule(procedure)
    if published.rule is Rule.INDEPENDENT:
        return
    query = select(Award.organization_id).where(Award.tender_id == procedure.id, Award.state == AwardState.ACTIVE)
    for organization_id, won in Counter(work.session.scalars(query)).items():
        limit = published.limits.of(organization_id or "")
        if limit is not None and won > limit:
            raise AwardLimitExceeded


def _announce(work: UnitOfWork, award: Award) -> None:
    after = {
        "lot": award.lot_id,
        "state": award.state,
        "bid": award.bid_id,
        "price": award.price,
        "scenario": award.scenario_id,
        "reason": award.reason,
    }
    work.record(Event.OFFICER_AWARD_DECIDE, subject=award.id, tender=award.tender_id, after=after)
    if award.state == AwardState.UNSUCCESSFUL:
        move_lot(work, award.lot_id, LotState.UNSUCCESSFUL, award.reason)
        publish_notice(work, award.tender_id, "lot_failed", {"lotId": award.lot_id, "reason": _why_failed(work, award)})


def _why_failed(work: UnitOfWork, award: Award) -> str | None:
    """Return the notice to the bidders (采购法 第三十六条): why there is no ranking, or why no bidder in it could win."""
    ranking = lot_ranking(work, award.lot_id)
    return ranking.reason if ranking and ranking.reason else award.reason


def cancel(work: UnitOfWork, award: Award, body: AwardChange) -> Award:
    """Cancel an award; a failed lot cannot be reopened but must be tendered again (实施条例 第四十九条)."""
    procedure_of(work, award.tender_id).require(*PHASES)
    AWARD.require(AwardState(award.state), AwardState(body.state), Mover.OFFICER)
    require_no_contract(work, award.id)
    before = {"state": award.state}
    award.state, award.reason, award.winner_falls = body.state, body.reason, body.winner_falls
    work.session.flush()
    after = {"state": award.state, "reason": award.reason, "winnerFalls": award.winner_falls}
    work.record(Event.OFFICER_AWARD_CANCEL, subject=award.id, tender=award.tender_id, before=before, after=after)
    return award


def find_scenario(work: UnitOfWork, tender_id: str, scenario_id: str, pointer: str | None = None) -> AwardScenario:
    """Return a scenario of a tender. Errors: NotFound, or Invalid if the request names it at `pointer`."""
    row = work.session.get(AwardScenario, scenario_id)
    if row is not None and row.tender_id == tender_id:
        return row
    if pointer is None:
        raise NotFound
    raise Invalid(faults=[Fault("unknown_scenario", "A scenario of this tender is expected", pointer)])


def scenarios(work: UnitOfWork, tender_id: str) -> Select[Any]:
    """Return the scenarios of a tender."""
    procedure_of(work, tender_id)
    return select(AwardScenario).where(AwardScenario.tender_id == tender_id)


def find(work: UnitOfWork, tender_id: str, award_id: str) -> Award:
    """Return an award of a tender."""
    return work.get_within(Award, award_id, tender_id=tender_id)


def listing(work: UnitOfWork, tender_id: str) -> Select[Any]:
    """Select all awards of a tender, including cancelled ones."""
    procedure_of(work, tender_id)
    return select(Award).where(Award.tender_id == tender_id)
