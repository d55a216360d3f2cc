"""The parts of the Open Contracting Data Standard (OCDS 1.1.5) that this service publishes, with its closed codelists.

Extensions in use: lots, bids, requirements, enquiries. Absent members are omitted, never null. Amounts are JSON numbers
in yuan (CNY), as the standard demands; instants carry an offset.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, GetJsonSchemaHandler, SerializerFunctionWrapHandler, model_serializer
from pydantic_core import CoreSchema

from app.platform.web.schema import Output

TenderStatus = Literal["planned", "active", "cancelled", "unsuccessful", "complete"]
AwardStatus = Literal["pending", "active", "cancelled", "unsuccessful"]
ContractStatus = Literal["pending", "active", "cancelled", "terminated"]
BidStatus = Literal["pending", "valid", "disqualified"]
MilestoneStatus = Literal["scheduled", "met", "notMet"]
DataType = Literal["string", "number", "integer", "boolean"]
Role = Literal["buyer", "procuringEntity", "tenderer", "supplier", "funder"]
Measure = Literal[
    "bids",
    "validBids",
    "bidders",
    "qualifiedBidders",
    "disqualifiedBidders",
    "lowestValidBidValue",
    "highestValidBidValue",
]
Tag = Literal["tender", "tenderAmendment", "tenderUpdate", "tenderCancellation", "award", "contract", "compiled"]


class OcdsObject(Output):
    """Base class: members without a value and lists without items are omitted."""

    @model_serializer(mode="wrap")
    def _without_gaps(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in handler(self).items() if value is not None and value != []}

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe the members; the serializer only omits some."""
        return dict(handler({key: part for key, part in core_schema.items() if key != "serialization"}))


class OcdsValue(OcdsObject):
    """An amount of money."""

    amount: float
    currency: Literal["CNY"] = "CNY"


class OcdsPeriod(OcdsObject):
    """A period of time."""

    start_date: datetime | None = None
    end_date: datetime | None = None


class OcdsReference(OcdsObject):
    """A reference to an entry of `parties`."""

    id: str
    name: str


class OcdsIdentifier(OcdsObject):
    """A party's identifier: its unified social credit code 统一社会信用代码."""

    scheme: str
    id: str
    legal_name: str


class OcdsParty(OcdsObject):
    """An organization that takes part, with its roles."""

    id: str
    name: str
    identifier: OcdsIdentifier | None = None
    roles: list[Role]


class OcdsBudget(OcdsObject):
    """The source of the funds."""

    description: str
    amount: OcdsValue | None = None


class OcdsPlanning(OcdsObject):
    """The budget of the tender."""

    budget: OcdsBudget


class OcdsAmendment(OcdsObject):
    """A published change of the documents 澄清或者修改."""

    id: str
    date: datetime
    description: str
    amends_release_id: Annotated[str, Field(alias="amendsReleaseID")]
    release_id: Annotated[str, Field(alias="releaseID")]


class OcdsDocument(OcdsObject):
    """A published notice 公告."""

    id: str
    document_type: str
    title: str
    date_published: datetime
    related_lots: list[str] = Field(default_factory=list)


class OcdsMilestone(OcdsObject):
    """An obligation of the contractor that is due on a day."""

    id: str
    title: str
    type: Literal["delivery"] = "delivery"
    code: str
    due_date: datetime
    date_met: datetime | None = None
    status: MilestoneStatus


class OcdsLot(OcdsObject):
    """A lot 采购单元."""

    id: str
    title: str
    description: str | None = None
    status: TenderStatus
    value: OcdsValue


class OcdsLotDetails(OcdsObject):
    """Limits on the lots of one supplier."""

    maximum_lots_awarded_per_supplier: int | None = None
    award_criteria_details: str | None = None


class OcdsItem(OcdsObject):
    """The service that is procured in a lot."""

    id: str
    description: str
    related_lot: str
    quantity: int = 1


class OcdsRequirement(OcdsObject):
    """What a bidder must meet: a number of at least `minValue`, or a statement that is true."""

    id: str
    title: str
    data_type: DataType
    expected_value: bool | None = None
    min_value: int | None = None


class OcdsRequirementGroup(OcdsObject):
    """Requirements that are met together."""

    id: str
    requirements: list[OcdsRequirement]


class OcdsCriterion(OcdsObject):
    """A qualification requirement 资格条件 of the policy, with its legal basis."""

    id: str
    title: str
    description: str | None = None
    relates_to_tenderer: bool = True
    requirement_groups: list[OcdsRequirementGroup]


class OcdsEnquiry(OcdsObject):
    """A supplier's challenge 质疑: when it was received and answered. Its text and author are not published."""

    id: str
    title: str
    date: datetime
    date_answered: datetime | None = None
    related_lot: str | None = None


class OcdsTender(OcdsObject):
    """The tender section."""

    id: str
    title: str
    status: TenderStatus
    procuring_entity: OcdsReference | None = None
    items: list[OcdsItem]
    value: OcdsValue
    procurement_method: Literal["open"] = "open"
    procurement_method_details: str = "公开招标"
    main_procurement_category: Literal["services"] = "services"
    award_criteria: Literal["ratedCriteria", "priceOnly", "qualityOnly"]
    award_criteria_details: str
    submission_method: list[Literal["electronicSubmission", "written"]]
    tender_period: OcdsPeriod
    contract_period: OcdsPeriod | None = None
    has_enquiries: bool
    enquiries: list[OcdsEnquiry] = Field(default_factory=list)
    number_of_tenderers: int | None = None
    tenderers: list[OcdsReference] = Field(default_factory=list)
    documents: list[OcdsDocument] = Field(default_factory=list)
    amendments: list[OcdsAmendment] = Field(default_factory=list)
    lots: list[OcdsLot]
    lot_details: OcdsLotDetails
    criteria: list[OcdsCriterion]


class OcdsRequirementReference(OcdsObject):
    """The requirement that a response answers."""

    id: str


class OcdsRequirementResponse(OcdsObject):
    """The officer-confirmed screening's finding on one requirement; no `value` where it could not be determined."""

    id: str
    title: str
    value: int | bool | None = None
    requirement: OcdsRequirementReference


class OcdsBid(OcdsObject):
    """A bid as opened; `pending` until the result is announced."""

    id: str
    date: datetime
    status: BidStatus
    tenderers: list[OcdsReference]
    value: OcdsValue | None = None
    related_lots: list[str]
    requirement_responses: list[OcdsRequirementResponse] = Field(default_factory=list)


class OcdsStatistic(OcdsObject):
    """A figure about the bids of a lot, computed from `details`."""

    id: str
    measure: Measure
    value: float
    currency: Literal["CNY"] | None = None
    related_lot: str


class OcdsBids(OcdsObject):
    """The bids section."""

    statistics: list[OcdsStatistic]
    details: list[OcdsBid]


class OcdsAward(OcdsObject):
    """The decision on one lot."""

    id: str
    title: str
    description: str | None = None
    status: AwardStatus
    date: datetime
    value: OcdsValue | None = None
    suppliers: list[OcdsReference] = Field(default_factory=list)
    related_lots: list[str]
    related_bid: str | None = None


class OcdsImplementation(OcdsObject):
    """The implementation of a contract."""

    milestones: list[OcdsMilestone]


class OcdsContract(OcdsObject):
    """A contract on an award."""

    id: str
    award_id: Annotated[str, Field(alias="awardID")]
    title: str
    status: ContractStatus
    value: OcdsValue
    date_signed: datetime | None = None
    implementation: OcdsImplementation | None = None


class OcdsRelease(OcdsObject):
    """The public state of the contracting process at `date`."""

    ocid: str
    id: str
    date: datetime
    tag: list[Tag]
    initiation_type: Literal["tender"] = "tender"
    language: Literal["zh"] = "zh"
    parties: list[OcdsParty] = Field(default_factory=list)
    buyer: OcdsReference | None = None
    planning: OcdsPlanning | None = None
    tender: OcdsTender | None = None
    bids: OcdsBids | None = None
    awards: list[OcdsAward] = Field(default_factory=list)
    contracts: list[OcdsContract] = Field(default_factory=list)


class OcdsPublisher(OcdsObject):
    """Who publishes the package."""

    name: str


class OcdsPackage(OcdsObject):
    """What both packages have in common."""

    uri: str
    version: Literal["1.1"] = "1.1"
    published_date: datetime
    extensions: list[str]
    publisher: OcdsPublisher


class OcdsReleasePackage(OcdsPackage):
    """Every release of a tender, oldest first (OCDS release package)."""

    releases: list[OcdsRelease]


class OcdsRecord(OcdsObject):
    """One contracting process: its releases and their merged state."""

    ocid: str
    releases: list[OcdsRelease]
    compiled_release: OcdsRelease


class OcdsRecordPackage(OcdsPackage):
    """The present state of a tender with its history (OCDS record package)."""

    records: list[OcdsRecord]
