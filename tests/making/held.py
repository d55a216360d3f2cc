"""An instance with personal data: one organization's dossier, roster, file, extractions and screenings, and the calls
that read them.
"""

from contextlib import nullcontext

from app.platform.access.roles import Role
from tests.making.dossiers import NAME, dossier
from tests.making.invented import resident_id
from tests.making.past import before
from tests.making.procedure import done

API = "/api/v1"
LINES = "姓名,身份证号码,用工形式\n" + "".join(f"员工{number},{resident_id(number)},全职\n" for number in range(40, 44))


class Held:
    """One organization with all its stored data."""

    def __init__(self, api, number=1, tender=None):
        self.api, self.officer = api, api.as_(Role.OFFICER)
        with self._in_time(tender):
            data = self._facts(number)
        self.tender = tender
        body = {"tenderId": tender, "organizationId": self.id} if tender else {"dossier": data, "asOf": "2017-05-31"}
        self.screening = done(self.officer.post(f"{API}/screenings", json=body))["id"]

    def _in_time(self, tender):
        """Record the facts before the bid deadline, since a screening within a tender reads what was recorded by then."""
        if tender is None:
            return nullcontext()
        return before(self.api.platform, done(self.officer.get(f"{API}/tenders/{tender}"))["bidDeadline"])

    def _facts(self, number):
        self.id = done(self.officer.post(f"{API}/organizations", json={"name": f"{NAME}{number}"}))["id"]
        self.url = f"{API}/organizations/{self.id}"
        data = dossier(number, f"{NAME}{number}", first=10 * number)
        data["organization"]["legalRepresentative"] = {"name": "张三", "residentId": resident_id(900 + number)}
        done(self.officer.put(f"{self.url}/dossier", json=data))
        form = {"organizationId": self.id, "kind": "roster"}
        files = [("files", (f"花名册{resident_id(800)}.csv", (LINES + str(number)).encode()))]
        self.document = done(self.officer.post(f"{API}/documents", files=files, data=form))["documents"][0]["id"]
        self.api.run_jobs()
        return data

    def reads(self):
        """Return path, method and body of everything that decrypts something of it."""
        unmask = {"reason": "核对"}
        yield "GET", f"{self.url}/dossier", None
        yield "POST", f"{self.url}/dossier/unmask", unmask
        yield "GET", f"{self.url}/roster", None
        yield "GET", f"{self.url}/registrations", None
        yield "GET", f"{API}/documents/{self.document}/content", None
        yield "GET", f"{API}/documents/{self.document}/extractions", None

    def answers(self, officer=None):
        """Return the responses of all of them."""
        asked = officer or self.officer
        found = [asked.request(method, address, json=body) for method, address, body in self.reads()]
        return {(one.request.method, str(one.request.url)): (one.status_code, one.content) for one in found}

    def replayed(self, officer=None):
        return (officer or self.officer).post(f"{API}/screenings/{self.screening}/replay")
