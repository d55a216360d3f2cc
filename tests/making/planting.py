"""Plant numbers wherever people write them, in the right and in the wrong places."""

import csv
import io
import json

import xlsxwriter
from PIL import Image, ImageDraw, PngImagePlugin
from reportlab.pdfgen.canvas import Canvas

from tests.making.dossiers import dossier

API = "/api/v1"
WHY = "核对"


def workbook(numbers):
    """Return a roster as XLSX; one number is the sheet's name."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet(numbers[0])
        for place, title in enumerate(("姓名", "身份证号码", "用工形式", "备注")):
            sheet.write_string(0, place, title)
        for row, number in enumerate(numbers[1:], 1):
            sheet.write_row(row, 0, [f"员工{row}", number, "全职", f"原号{number}"])
    return out.getvalue()


def table(numbers):
    out = io.StringIO()
    csv.writer(out).writerows([["姓名", "身份证号码"], *([f"员工{n}", one] for n, one in enumerate(numbers))])
    return out.getvalue().encode()


def pdf(numbers):
    """Return a PDF with uncompressed text, whose title contains one number too."""
    out = io.BytesIO()
    page = Canvas(out, pageCompression=0)
    page.setTitle(f"title {numbers[0]}")
    for place, number in enumerate(numbers):
        page.drawString(60, 760 - 24 * place, f"ID {number}")
    page.save()
    return out.getvalue()


def png(numbers):
    """Return a PNG with the numbers drawn on it and written beside the pixels."""
    picture = Image.new("RGB", (700, 60 * len(numbers) + 40), "white")
    draw, told, out = ImageDraw.Draw(picture), PngImagePlugin.PngInfo(), io.BytesIO()
    for place, number in enumerate(numbers):
        draw.text((30, 20 + 60 * place), number, fill="black", font_size=36)
        told.add_text("Comment", number)
    picture.save(out, "PNG", pnginfo=told)
    return out.getvalue()


class Planter:
    """Plants numbers with one officer's client; keeps every response that is not meant to show a number."""

    def __init__(self, client, run_jobs):
        self.client, self.run_jobs = client, run_jobs
        self.answers, self.organizations, self.documents, self.screenings = [], [], [], []
        self.tender = self.post("/tenders", {"title": "试点", "bidDeadline": "2099-05-20T09:30:00+08:00",
            "lots": [{"key": "a", "name": "采购单元", "value": "1000000.00"}]}).json()["id"]  # fmt: skip
        self.organization = self.post("/organizations", {"name": "某某社会工作服务社"}).json()["id"]

    def send(self, method, path, **more):
        answer = self.client.request(method, f"{API}{path}", **more)
        assert answer.status_code < 500, (method, path, answer.text)
        self.answers.append((f"{method} {path.split('?')[0]}", answer))
        return answer

    def post(self, path, body, **more):
        return self.send("POST", path, json=body, **more)

    def good(self, answer):
        assert answer.status_code in (200, 201, 202), answer.text
        return answer.json()

    # In the right places

    def roster_as_json(self, numbers):
        lines = [{"name": f"员工{n}", "residentId": one, "position": f"社工 {one}"} for n, one in enumerate(numbers)]
        self.good(self.send("PUT", f"/organizations/{self.organization}/roster", json={"lines": lines}))
        self.send("GET", f"/organizations/{self.organization}/roster")

    def roster_as_file(self, numbers):
        file = (f"花名册{numbers[0]}.xlsx", workbook(numbers))
        self.good(self.send("POST", f"/organizations/{self.organization}/roster", files={"file": file}))

    def whole_dossier(self, numbers):
        data = dossier(1, f"某某社 {numbers[0]}")
        own = data["organization"]
        own["legalRepresentative"] = {"name": f"张三{numbers[1]}", "residentId": numbers[2]}
        own["contacts"] = [{"name": numbers[3], "phone": numbers[4], "email": f"{numbers[5]}@example.org"}]
        own["formerNames"] = [f"旧名{numbers[6]}"]
        own["registration"]["businessScope"] = f"社会工作 {numbers[7]}"
        own["registration"]["number"] = numbers[8]
        data["documents"] = [{"kind": "other", "path": f"documents/{numbers[9]}.pdf"}]
        data["auditReports"] = [{"firm": f"事务所{numbers[9]}", "year": 2016, "opinion": "unqualified"}]
        place = f"/organizations/{self.organization}"
        self.good(self.send("PUT", f"{place}/dossier", json=data))
        for path in ("dossier", "registrations", "roster"):
            self.send("GET", f"{place}/{path}")
        self.client.post(f"{API}{place}/dossier/unmask", json={"reason": f"核对 {numbers[0]}"})

    def inline_screening(self, numbers):
        data = dossier(2, f"内联{numbers[0]}")
        data["organization"]["identifier"]["id"] = numbers[1]
        for line, number in zip(data["roster"], numbers[2:], strict=False):
            line["residentId"], line["name"] = number, f"员工{number}"
        body = {"dossier": data, "asOf": "2017-05-31"}
        made = self.good(self.post("/screenings", body, headers={"Idempotency-Key": f"canary-{numbers[0][:8]}"}))
        self.screenings.append(made["id"])
        self.post(f"/screenings/{made['id']}/replay", None)
        patch = [{"op": "replace", "path": "/roster/0/residentId", "value": numbers[-1]}]
        self.post("/screenings/what-if", {"screening": made["id"], "patch": patch})
        named = [{"name": f"批量{numbers[0]}", "dossier": data}]
        self.good(self.post("/screenings/batch", {"dossiers": named, "asOf": "2017-05-31"}))
        self.run_jobs()
        self.send("GET", "/screenings")

    def files(self, numbers):
        third = max(1, len(numbers) // 3)
        parts = [numbers[:third], numbers[third : 2 * third] or numbers, numbers[2 * third :] or numbers]
        made = [("a.pdf", pdf(parts[0])), (f"{parts[1][0]}.png", png(parts[1])), ("b.csv", table(parts[2]))]
        form = {"organizationId": self.organization}
        files = [("files", file) for file in (*made, ("c.xlsx", workbook(numbers)))]
        rows = self.good(self.send("POST", "/documents", files=files, data=form))["documents"]
        self.run_jobs()
        for row in rows:
            self.documents.append(row["id"])
            for path in ("", "/extractions"):
                self.send("GET", f"/documents/{row['id']}{path}")
        self.client.get(f"{API}/documents/{rows[0]['id']}/content")
        self.correction(rows[0]["id"], numbers)

    def correction(self, document, numbers):
        fields = [{"field": "residentId", "group": n, "value": one} for n, one in enumerate(numbers[:3])]
        fields += [{"field": "name", "group": n, "value": f"张三{one}"} for n, one in enumerate(numbers[:3])]
        version = self.client.get(f"{API}/documents/{document}").headers["etag"]
        body = {"reason": f"看过原件 {numbers[0]}", "kind": "social_worker_certificate", "fields": fields}
        self.good(self.post(f"/documents/{document}/extractions", body, headers={"If-Match": version}))
        self.send("GET", f"/documents/{document}/extractions")

    def submission(self, numbers):
        agent = {"name": f"李四{numbers[0]}", "residentId": numbers[1]}
        body = {"organizationId": self.organization, "client": numbers[2], "bondAccount": numbers[3], "agent": agent}
        body["reason"] = f"平台记录 {numbers[0]}"
        self.good(self.post(f"/tenders/{self.tender}/submission-traces", body))

    # In the wrong places

    def wrong_texts(self, numbers):
        one, two, three, *rest = numbers
        self.post("/organizations", {"name": f"名称{one}", "identifier": {"scheme": "other", "id": two}})
        lots = [{"key": "a", "name": f"单元{two}", "district": three, "value": "1000000.00"}]
        made = self.good(self.post("/tenders", {"title": f"项目{one}", "lots": lots}))
        self.post(f"/tenders/{made['id']}/cancel", {"reason": f"因{three}取消"})
        self.post(f"/organizations/{self.organization}/registrations",
                  {"registration": {"businessScope": one, "number": two}, "reason": f"换证 {three}"})  # fmt: skip
        self.post("/credit/match", {"queries": [{"id": "1", "name": one, "uscc": two}], "tender": self.tender})
        self.post(f"/tenders/{self.tender}/questions", {"text": f"质疑 {one}", "knownOn": "2026-05-01"})
        self.post(f"/tenders/{self.tender}/committee",
                  {"members": [{"id": f"m-{one}", "person": two, "seat": "expert"}]})  # fmt: skip
        self.post("/rankings/preview", {"lot": {"id": one, "ceiling": two}, "scheme": {}, "bids": [{"id": three}]})
        for number in rest:
            self.good(self.post("/tenders", {"title": number, "lots": lots}))
        for path in ("/tenders", "/organizations", f"/tenders/{self.tender}/questions"):
            self.send("GET", path)

    def wrong_requests(self, numbers):
        for number in numbers:
            self.post("/organizations", {number: number, "name": {"of": number}})
            self.post("/tenders", [number])
            self.send("POST", "/screenings", content=f'{{"dossier": "{number}'.encode(),
                      headers={"Content-Type": "application/json"})  # fmt: skip
            self.send("GET", f"/organizations/{number}")
            self.send("GET", "/organizations", params={"code": number, "cursor": number})
            self.send("GET", "/health", headers={"X-Request-Id": number, "User-Agent": number, "If-Match": number})
            self.post("/organizations", {"name": "x"}, headers={"Idempotency-Key": number, "X-Request-Id": number})
            self.send("GET", "/organizations", headers={"Authorization": f"Bearer {number}"})
            self.send("GET", f"/{number}")
            broken = {"dossier": {"organization": {"name": number, number: 1}, "roster": number}, "asOf": number}
            self.post("/screenings", broken)
            self.send("POST", "/documents", files=[("files", (number, b""))], data={"organizationId": number})

    def everywhere(self, numbers):
        """Plant all numbers, each in at least one place; enough of them that every place gets some."""
        ways = [self.roster_as_json, self.roster_as_file, self.whole_dossier, self.inline_screening, self.files,
                self.submission, self.wrong_texts, self.wrong_requests]  # fmt: skip
        share = len(numbers) // len(ways)
        assert share >= LEAST, "every way needs some of its own"
        for place, way in enumerate(ways):
            way(numbers[place * share : (place + 1) * share if place < len(ways) - 1 else None])

    def look(self, wanted):
        """Compare all responses with what was planted: bodies, headers, addresses in them."""
        for where, answer in self.answers:
            wanted.clean(f"answer {where} {answer.status_code}", answer.content)
            wanted.clean(f"headers {where}", json.dumps(dict(answer.headers)))


LEAST = 10
