"""The cast's world with one record of everything in both counties, and what stands for each argument of an address."""

import datetime as dt
import hashlib
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from closing.models import EnteredFigure, EnteredKind, Target
from core.actor import NOBODY, SYSTEM
from core.clock import at_local, today
from core.periods import Period
from dashboards.models import WallKey
from enterprises.models import PairingFile
from exchange.models import Export, Import, ImportRow
from exchange.structure import Document, Heading, Paragraph, to_json
from mechanisms import drain as radar
from mechanisms.models import Obligation, SwitchedOff
from meetings import lifecycle as meetings
from meetings.lifecycle import duty
from meetings.models import (
    ActivityFile,
    ActivityKind,
    CalendarFeed,
    DecisionFile,
    MeetingFile,
    MeetingKind,
    MeetingSeries,
    VisitGuard,
)
from notices.models import Channel, Delivery, Notice
from problems import bulk
from problems import lifecycle as ledger
from problems.filters import ProblemFilter
from problems.models import Attachment, SavedView
from problems.supervision import instructions, slips
from problems.voice import acting, links
from reports.models import Report, ReportBatch, ReportFile, ReportTemplate
from reports.sections import SHIPPED
from services.lifecycle.lists import withdraw
from services.models import EntryKind, PolicyFile, ServiceKind, TalentKind
from tests import factories as make
from tests.ledgers import makers as ledgers
from tests.lists import makers as lists
from tests.lists import project_makers as projects
from tests.mechanisms import rules
from tests.problems.rulebooks import made

PAPER = Document("月报", (Heading(1, "总体情况", "general"), Paragraph(("平稳。",))), timezone.now(), signer="组织部")
PEOPLE = (
    "county_officer",
    "leader",
    "chain_secretary",
    "team_member",
    "department_officer",
    "branch_secretary",
    "auditor",
    "system_admin",
    "stranger_officer",
    "stranger_secretary",
    "anonymous",
)
OWN_BUSINESS = PEOPLE[:6]
NOWHERE = 987_654_321
CONTENT = b"text"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
# Addresses that name their record in the query.
QUERIES = {
    "indicators:rows": "?indicator=problems_raised&from=2026-01&to=2026-03&scope=region:{code}",
    "api-figures": "?indicator=problems_raised&from=2026-01&to=2026-03&scope=region:{code}",
    "dashboards:cockpit": "?scope=region:{code}",
    "dashboards:structure": "?scope=region:{code}",
    "dashboards:compare": "?scope=region:{code}",
    "dashboards:organisation_chart": "?scope=region:{code}",
    "dashboards:organisation_rows": "?scope=region:{code}&kind=branch",
    "dashboards:committees_not_met": "?scope=region:{code}",
    "dashboards:structure_rows": "?scope=region:{code}&band=0",
    "dashboards:team_rows": "?part=resolved&from=2026-01&to=2026-03",
}


QUERIES |= {f"{name}_export": QUERIES[name] for name in ("indicators:rows", "dashboards:committees_not_met",
    "dashboards:structure_rows", "dashboards:organisation_rows", "dashboards:team_rows")}  # fmt: skip


def furnish(world) -> None:
    """Add a problem in progress, a meeting with a decision, files, a report and a second account to each county."""
    for county, officer in ((world.own, "county_officer"), (world.other, "stranger_officer")):
        actor = world.actor(officer)
        county.problem = _problem(world, county, actor)
        county.meeting = make.MeetingFactory(committee=county.committees[0])
        county.draft = make.MeetingFactory(committee=county.committees[0], state="draft")
        county.kind = MeetingKind.objects.create(region=county.region, code="own_1", name="县链长办公会")
        county.series = MeetingSeries.objects.create(
            committee=county.committees[0], region=county.region, kind=county.kind, title="党委例会",
            starts_time=dt.time(9), starts_on=today(),
        )  # fmt: skip
        county.feed = CalendarFeed.objects.create(
            user=world.people[officer], committee=county.committees[0], key_hash=f"{county.region.pk:064}",
            made_at=timezone.now(),
        )  # fmt: skip
        county.wall_key = WallKey.objects.create(
            region=county.region, seconds=20, expires_on=today() + dt.timedelta(days=30),
            key_hash=f"{county.region.pk:064}", made_at=timezone.now(),
        )  # fmt: skip
        county.decision = make.DecisionFactory(meeting=county.meeting, owner_department=county.departments[0])
        stored = {"content_type": "text/plain", "size": 4, "sha256": DIGEST}
        name = default_storage.save(f"access/{county.region.code}.txt", ContentFile(CONTENT))
        county.attachment = Attachment.objects.create(problem=county.problem, storage_name=name, name="a.txt", **stored)
        county.file = MeetingFile.objects.create(meeting=county.meeting, storage_name=name, name="a.txt", **stored)
        county.activity_kind = ActivityKind.objects.create(region=county.region, code="own_1", name="县链长走访")
        county.guard = VisitGuard.objects.create(
            region=county.region, days=5, begins_on=today() + dt.timedelta(days=30)
        )
        county.activity = activity_of(county, world.actor(officer))
        county.duty = duty.save_term(
            None, by=actor, committee=county.committees[0], department=county.departments[0],
            starts_on=Period.quarter(today().year, (today().month + 2) // 3).start,
        )  # fmt: skip
        county.annual = duty.open_report(county.seats[0], today().year, by=actor)
        county.activity_file = ActivityFile.objects.create(
            activity=county.activity, storage_name=name, name="a.txt", **stored
        )
        county.evidence = DecisionFile.objects.create(
            decision=county.decision, storage_name=name, name="a.txt", **stored
        )  # fmt: skip
        county.item = make.AgendaItemFactory(meeting=county.draft)
        make.AgendaItemFactory(meeting=county.draft)
        county.matter = meetings.put_matter(county.committees[0], by=actor, title="品牌标识")
        county.category = make.CategoryFactory(
            name="本县类别", code=f"own-{county.region.code}", parent=world.category, region=county.region
        )
        county.rulebook = made(world, county.region, by=officer, valid_from=today() + dt.timedelta(days=30))
        county.view = SavedView.objects.create(owner=world.people[officer], name="本县在办", made_at=timezone.now())
        county.bulk = bulk.prepare("urge", ProblemFilter({}, actor), [county.problem.pk], by=actor)
        county.target = Target.objects.create(
            region=county.region, committee=county.committees[0], indicator="problems_raised", value=20,
            first_year=today().year, last_year=today().year, source="年度计划", set_by=world.people[officer],
            set_at=timezone.now(),
        )  # fmt: skip
        county.entered_kind = EnteredKind.objects.create(
            region=county.region, name="本县填报指标", code=f"e-{county.region.pk}", unit="%", definition="本县口径"
        )
        county.entered = EnteredFigure.objects.create(
            kind=county.entered_kind, region=county.region, committee=county.committees[0], version=1, value=8,
            first=today().replace(day=1), last=today().replace(day=1), as_of=today(), source="县统计局月报",
            entered_by=world.people[officer], entered_at=timezone.now(),
        )  # fmt: skip
        county.report = _report(county, world.people[officer])
        county.report_template = ReportTemplate.objects.create(
            region=county.region, number=1, sections=[one.kept() for one in SHIPPED], made_at=timezone.now()
        )
        county.report_batch = ReportBatch.objects.create(
            region=county.region, kind="own", month=county.report.month, created_by=world.people[officer],
            created_at=timezone.now(),
        )  # fmt: skip
        county.report_batch.items.create(
            scope_key=county.report.scope_key, scope_name=county.region.name, report=county.report
        )
        county.exported = _export(world.people[officer])
        county.imported = _import(county, world.people[officer])
        county.voice_link, _token = links.make(county.problem, by=actor)
        county.call_back = acting.ask_call(county.voice_link, signed_in=NOBODY, phone="0900-000123")
        leg = county.problem.assignments.get(is_lead=True)
        county.slip = slips.issue(
            county.problem, by=actor, kind="reminder", text="请抓紧办理。", leg=leg,
            answer_due_on=today() + dt.timedelta(days=3),
        )  # fmt: skip
        county.instruction = instructions.give(
            county.problem,
            by=actor,
            text="请抓紧协调。",
            report_by_on=today() + dt.timedelta(days=7),
            at=timezone.now(),
        )
        county.notice = Notice.objects.create(
            user=world.people[officer], kind="urged", code="urge", reason="officer", unit=county.region.name,
            problem=county.problem, key="access", created_at=timezone.now(),
        )  # fmt: skip
        county.channel = Channel.objects.create(
            region=county.region, name="工作群", robot="json", url="http://robot.example/hook?key=x", kinds=["slip"],
            made_at=timezone.now(),
        )  # fmt: skip
        Delivery.objects.create(
            channel=county.channel, code="test", key="test:1", is_test=True, made_at=timezone.now(),
            next_at=timezone.now(),
        )  # fmt: skip
        county.mechanism = rules.made(county.region)
        county.off = SwitchedOff.objects.create(
            mechanism=county.mechanism, region=county.towns[0], from_on=today(), reason="试点", made_at=timezone.now()
        )
        radar.drain()
        county.obligation = Obligation.objects.filter(committee=county.committees[0]).latest("first_on")
        county.member = make.TeamMemberFactory(team=county.team)
        county.user = make.UserFactory(username=f"somebody.{county.region.code}")
        county.deputy = make.PostFactory(
            user=make.UserFactory(username=f"deputy.{county.region.code}"), role="team_member", team=county.team,
            ended_on=today() + dt.timedelta(days=30), deputy_for=make.PostFactory(
                user=make.UserFactory(username=f"away.{county.region.code}"), role="team_member", team=county.team
            ),
        )  # fmt: skip
        county.post = make.PostFactory(user=county.user, role="team_member", team=county.team)
        _registers(county)
        _lists(county)
        _projects(county)
        _ledgers(county)


def _lists(county) -> None:
    """One row of each list: a demand with a resource that meets it and one raised in the ledger, a policy with its
    measure and file, products, talent."""
    firm, place = county.enterprises[0], {"region": county.region, "chain": county.chains[0]}
    county.demand = lists.demand(firm)
    county.ended_demand = lists.demand(firm, title="已撤回的需求")
    withdraw(county.ended_demand, on=today(), outcome="不再需要", by=SYSTEM)
    county.resource = lists.resource(**place)
    county.policy = lists.policy(**place)
    lists.measure(county.policy)
    name = default_storage.save(f"policies/{county.region.code}.txt", ContentFile(CONTENT))
    county.policy_file = PolicyFile.objects.create(
        policy=county.policy, storage_name=name, name="原文.txt", content_type="text/plain", size=4, sha256=DIGEST
    )
    county.product = lists.product(firm, role="buys")
    lists.product(county.enterprises[1])
    county.talent_need = lists.need(firm)
    county.talent_hire = lists.hire(firm, need=county.talent_need)
    county.service_kind = ServiceKind.objects.create(
        region=county.region, name="本县要素", code=f"s-{county.region.pk}"
    )
    county.talent_kind = TalentKind.objects.create(region=county.region, name="本县人才", code=f"t-{county.region.pk}")


def _ledgers(county) -> None:
    """A ledger of the county with an entry of its first enterprise."""
    county.ledger = ledgers.ledger(county.region)
    county.ledger_field = county.ledger.all_fields[-1]
    county.ledger_status = county.ledger.statuses.get(name="办理")
    county.ledger_entry = ledgers.entry(county.ledger, enterprise=county.enterprises[0], 事项="缺水", 类别="用水")


def _projects(county) -> None:
    """A project that was signed, and one row of each register of finance."""
    firm = county.enterprises[0]
    county.project = projects.project(firm, steps=2)
    county.finance_product = projects.product(county.region, chain=county.chains[0])
    county.rating, county.loan = projects.rating(firm), projects.loan(firm)
    county.capital = projects.capital(firm)
    county.entry_kind = EntryKind.objects.create(
        region=county.region, of="project", name="本县项目", code=f"e-{county.region.pk}"
    )


def _registers(county) -> None:
    """One row of each register, at the enterprise that the county's secretaries keep, and a rule with its vacancy."""
    place = {"chain": county.chains[0], "committee": county.committees[0]}
    firm = county.enterprises[0]
    county.posting = make.PostingFactory(enterprise=firm, **place)
    county.pairing = make.PairingFactory(of_bank=True, helped_enterprise=firm, **place)
    name = default_storage.save(f"pairings/{county.region.code}.txt", ContentFile(CONTENT))
    county.agreement = PairingFile.objects.create(
        pairing=county.pairing, storage_name=name, name="协议.txt", content_type="text/plain", size=4, sha256=DIGEST
    )
    county.facility = make.FacilityFactory(region=firm.region, enterprise=firm, **place)
    county.honour = make.HonourFactory(organisation=county.organisation, **place)
    county.mass = make.MassOrganisationFactory(enterprise=firm, **place)
    county.staffing = make.StaffingRuleFactory(region=county.region)
    county.posting_kind = make.PostingKindFactory(region=county.region)
    county.pairing_kind = make.PairingKindFactory(
        region=county.region, counts_as="strong_weak", helped_low=4, helped_target=5, helped_high=6
    )


def activity_of(county, actor):
    """A visit planned to the county's first enterprise."""
    return meetings.save_activity(
        None, by=actor, region=county.region, committee=county.committees[0], done=False,
        kind=ActivityKind.objects.get(region=None, code="visit"), title="走访企业",
        starts_at=timezone.now() + dt.timedelta(days=9), enterprises=[county.enterprises[0]],
    )  # fmt: skip


def _problem(world, county, actor):
    day = today() - dt.timedelta(days=3)
    problem = ledger.raise_problem(
        by=actor,
        enterprise=county.enterprises[0],
        category=world.category,
        title="饲草短缺",
        text="冬季饲草供应不足。",
        chain=county.chains[0],
        at=at_local(day, 9),
    )
    problem = ledger.accept(problem, by=actor, version=problem.version)
    return ledger.assign(
        problem, by=actor, version=problem.version, team=county.team, codepartments=[county.departments[0]]
    )


def _report(county, user):
    report = Report.objects.create(
        scope_kind="region",
        scope_key=f"region:{county.region.code}",
        scope_name=county.region.name,
        region=county.region,
        month=dt.date(2026, 3, 1),
        edition=1,
        requested_by=user,
        created_at=timezone.now(),
        queued_at=timezone.now(),
        state="done",
        finished_at=timezone.now(),
        as_of=timezone.now(),
        snapshot=to_json(PAPER),
    )
    ReportFile.objects.create(
        report=report,
        kind="excel",
        storage_name=default_storage.save(f"reports/{county.region.code}.xlsx", ContentFile(CONTENT)),
        name="月报.xlsx",
        size=len(CONTENT),
        sha256=DIGEST,
        created_at=timezone.now(),
    )
    return report


def _import(county, user):
    """A file looked at and not yet written, with a new row and a wrong one."""
    content = default_storage.save(f"imports/{county.region.code}.xlsx", ContentFile(CONTENT))
    one = Import.objects.create(
        register="enterprises",
        region_path=county.region.path,
        file_name="企业台账.xlsx",
        storage_name=content,
        feedback_name=content,
        size=len(CONTENT),
        sha256=DIGEST,
        labels=["企业名称", "信用代码"],
        mapping={"0": "name", "1": "credit_code"},
        state="checked",
        total=2,
        done=2,
        created_by=user,
        created_at=timezone.now(),
        queued_at=timezone.now(),
    )
    rows = [(2, "new", {}), (3, "wrong", {"1": ["统一社会信用代码不正确：应为 18 位，且校验位相符。"]})]
    ImportRow.objects.bulk_create(
        ImportRow(of=one, number=number, cells=["云岭新材料公司", "1"], outcome=outcome, errors=errors)
        for number, outcome, errors in rows
    )
    return one


def _export(user):
    """A file that waits to be fetched by its owner."""
    now = timezone.now()
    return Export.objects.create(
        title="企业名录", path="/enterprises/export/", state="done", rows=1, total=1, size=len(CONTENT), sha256=DIGEST,
        storage_name=default_storage.save("exports/list.xlsx", ContentFile(CONTENT)), created_by=user, created_at=now,
        queued_at=now, finished_at=now, expires_at=now + dt.timedelta(hours=1),
    )  # fmt: skip


def arguments(name: str, county: SimpleNamespace) -> dict:
    """What the address `name` is reversed with: records of this county."""
    namespace, _colon, tail = name.rpartition(":")
    special = {
        "problems:act": {"pk": county.problem.pk, "name": "add_note"},
        "api-problem-step": {"pk": county.problem.pk, "name": "add_note"},
        "api-problem": {"pk": county.problem.pk},
        "api-meeting": {"pk": county.meeting.pk},
        "calendar:feed": {"secret": "x" * 43},
        "wall:show": {"secret": "x" * 43},
        "wall:figures": {"secret": "x" * 43},
        "problems:rulebook_edit": {"pk": county.region.pk},
        "problems:category_create": {"pk": county.region.pk},
        "problems:category_kinds": {"pk": county.problem.category_id, "region": county.region.pk},
        "problems:slip_issue": {"pk": county.problem.pk},
        "problems:slip_detail": {"pk": county.slip.pk},
        "problems:slip_answer": {"pk": county.slip.pk},
        "problems:slip_download": {"pk": county.slip.pk},
        "problems:instruction_report": {"pk": county.instruction.pk},
        "problems:link_make": {"pk": county.problem.pk},
        "problems:link_revoke": {"pk": county.problem.pk, "link_id": county.voice_link.pk},
        "problems:call_back": {"pk": county.call_back.pk},
        "voice:entry": {"pk": county.problem.pk},
        "voice:rate": {"pk": county.problem.pk},
        "voice:fact": {"pk": county.problem.pk},
        "voice:call": {"pk": county.problem.pk},
        "voice:open": {"pk": county.problem.pk, "token": "x" * 43},
        "mechanisms:committee": {"pk": county.committees[0].pk},
        "mechanisms:obligation": {"pk": county.obligation.pk},
        "mechanisms:off_switch_on": {"pk": county.off.pk},
        "problems:file": {"pk": county.problem.pk, "file_id": county.attachment.pk},
        "exchange:register_template": {"code": "enterprises"},
        "reports:template_detail": {"pk": county.report_template.pk},
        "reports:template_edit": {"pk": county.region.pk},
        "reports:template_preview": {"pk": county.region.pk},
        "reports:template_reset": {"pk": county.region.pk},
        "reports:download": {"pk": county.report.pk, "kind": "excel"},
        "accounts:draft": {"key": "problem-new"},
        "accounts:post_give": {"pk": county.user.pk},
        "accounts:deputy_create": {"pk": county.post.pk},
        "accounts:handover": {"pk": county.post.pk},
        "accounts:handover_file_download": {"pk": county.post.pk},
        "accounts:deputy_end": {"pk": county.deputy.pk},
        "accounts:post_end": {"pk": county.post.pk},
        "alliances:member_create": {"pk": county.team.pk},
        "dashboards:team_rows": {"pk": county.team.pk},
        "dashboards:team_rows_export": {"pk": county.team.pk},
        "chains:segment_create": {"pk": county.chains[0].pk},
        "chains:link_create": {"pk": county.segment.pk},
        "chains:seat_create": {"pk": county.committees[0].pk},
        "enterprises:chain_join": {"pk": county.enterprises[0].pk},
        "enterprises:employees_record": {"pk": county.enterprises[0].pk},
        "enterprises:chain_leave": {"pk": county.memberships[0].pk},
        "enterprises:members_record": {"pk": county.organisation.pk},
        "enterprises:kind_edit": {"word": "postings", "pk": county.posting_kind.pk},
        "enterprises:gap_ratio": {"pk": county.pairing_kind.pk},
        "enterprises:pairing_file_download": {"pk": county.agreement.pk},
        "meetings:file_download": {"pk": county.file.pk},
        "meetings:activity_file": {"pk": county.activity_file.pk},
        "meetings:scheme_detail": {"code": "nanqiao"},
        "meetings:activity_kind_detail": {"pk": county.activity_kind.pk},
        "meetings:activity_kind_edit": {"pk": county.activity_kind.pk},
        "meetings:firm_detail": {"pk": county.enterprises[0].pk},
        "meetings:decision_create": {"pk": county.meeting.pk},
        "meetings:hold": {"pk": county.draft.pk},
        "meetings:agenda_add": {"pk": county.draft.pk},
        "meetings:convene": {"pk": county.problem.pk},
        "meetings:decision_file_download": {"pk": county.evidence.pk},
        "closing:detail": {"kind": "committee", "pk": county.committees[0].pk, "month": "2026-03"},
        "closing:act": {"kind": "committee", "pk": county.committees[0].pk, "month": "2026-03", "step": "submit"},
        "closing:target_edit": {"pk": county.target.pk},
        "closing:target_withdraw": {"pk": county.target.pk},
        "services:project_step": {"pk": county.project.pk, "step": "land"},
        "services:demand_reopen": {"pk": county.ended_demand.pk},
        "services:demand_confirm": {"pk": county.demand.pk, "field": "resource", "target": county.resource.pk},
        "services:demand_set_aside": {"pk": county.demand.pk, "field": "resource", "target": county.resource.pk},
        "services:policy_measure_edit": {"pk": county.policy.pk, "number": 1},
        "services:policy_file_download": {"pk": county.policy_file.pk},
        "ledgers:field_create": {"pk": county.ledger.pk},
        "ledgers:status_create": {"pk": county.ledger.pk},
        "ledgers:entry_create": {"pk": county.ledger.pk},
        "ledgers:entry_export": {"pk": county.ledger.pk},
        "ledgers:entry_take_out": {"pk": county.ledger.pk},
        "ledgers:entry_import": {"pk": county.ledger.pk},
        "ledgers:entry_template": {"pk": county.ledger.pk},
        "notices:open": {"pk": county.notice.pk},
        "notices:read": {"pk": county.notice.pk},
    }
    if name in special:
        return special[name]
    by_prefix = {
        "channel": county.channel,
        "user": county.user,
        "region": county.region,
        "department": county.departments[0],
        "alliance": county.chains[0].alliance,
        "team": county.team,
        "member": county.member,
        "chain": county.chains[0],
        "segment": county.segment,
        "link": county.link,
        "committee": county.committees[0],
        "seat": county.seats[0],
        "enterprise": county.enterprises[0],
        "membership": county.memberships[0],
        "organisation": county.organisation,
        "posting": county.posting,
        "pairing": county.pairing,
        "facility": county.facility,
        "honour": county.honour,
        "mass": county.mass,
        "project": county.project,
        "financeproduct": county.finance_product,
        "creditrating": county.rating,
        "loan": county.loan,
        "socialcapital": county.capital,
        "entrykind": county.entry_kind,
        "demand": county.demand,
        "resource": county.resource,
        "policy": county.policy,
        "product": county.product,
        "talentneed": county.talent_need,
        "talenthire": county.talent_hire,
        "servicekind": county.service_kind,
        "entered": county.entered,
        "enteredkind": county.entered_kind,
        "talentkind": county.talent_kind,
        "staffing": county.staffing,
        "decision": county.decision,
        "activity": county.activity,
        "guard": county.guard,
        "duty": county.duty,
        "annual": county.annual,
        "kind": county.kind,
        "series": county.series,
        "feed": county.feed,
        "wall": county.wall_key,
        "item": county.item,
        "matter": county.matter,
        "rulebook": county.rulebook,
        "category": county.category,
        "view": county.view,
        "ledger": county.ledger,
        "field": county.ledger_field,
        "status": county.ledger_status,
        "entry": county.ledger_entry,
        "bulk": county.bulk,
        "batch": county.report_batch,
    }
    record = by_prefix.get(tail.partition("_")[0])
    if record is None:
        of_namespace = {
            "problems": county.problem,
            "exports": county.exported,
            "meetings": county.meeting,
            "reports": county.report,
        }
        of_namespace["exchange"] = county.imported
        record = (of_namespace | {"mechanisms": county.mechanism}).get(namespace)
    return {"pk": record.pk} if record is not None else {}
