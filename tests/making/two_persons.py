"""Clients of one person, and of a person whose colleague agrees to every act that needs two."""

import httpx
from starlette.testclient import TestClient

from app.platform.access.roles import Role

APPROVALS = "/api/v1/approvals/"
SECRET = ("/opening",)  # what is submitted once more with the agreement


class Pair(TestClient):
    """A client whose proposals are agreed to at once by `colleague`; it returns the response to the act itself."""

    colleague = None

    def request(self, method, url, **options):
        """Send the request, and have the colleague agree where it is answered as a proposal."""
        answer = super().request(method, url, **options)
        place = answer.headers.get("location", "")
        if self.colleague is None or answer.status_code != 202 or not place.startswith(APPROVALS):
            return answer
        return agreed(self.colleague(answer.json()), answer, options.get("json"))


def agreed(second, proposed, request=None):
    """Have `second` agree to a proposal; return the response to the act, or the problem of the agreement.

    Its extension `agreed` says that two requests were sent.
    """
    body = {"request": request} if proposed.json()["request"] is None else {}
    answer = second.post(f"{APPROVALS}{proposed.json()['id']}/agree", json=body)
    if answer.status_code >= 300:
        answer.extensions["agreed"] = True
        return answer
    result = answer.json()["result"]
    own = {
        name: text for name, text in answer.headers.items() if name not in ("content-length", "content-type", "etag")
    }
    headers = own | {name: result[name] for name in ("location", "etag") if result[name] is not None}
    return httpx.Response(
        result["status"], json=result["body"], headers=headers, request=proposed.request, extensions={"agreed": True}
    )


def second_role(proposal):
    """Return the role of the person who agrees: an auditor for acts of an admin, so that no admin is added."""
    return Role.AUDITOR if "auditor" in proposal["agreeRoles"] else Role.OFFICER
