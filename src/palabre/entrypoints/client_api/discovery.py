"""/.well-known and NodeInfo: how software finds out what is here."""

from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import quoteattr

from starlette.responses import Response

from palabre import __version__
from palabre.base.errors import NotFound, Refused
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.client_api.instance import source_url
from palabre.entrypoints.edge import Request, Routes
from palabre.features import accounts, instance
from palabre.features.accounts.oauth.scopes import ALL
from palabre.features.instance.proof import PATH
from palabre.names import here, hosts
from palabre.settings import current

routes = Routes()
_NODEINFO = "http://nodeinfo.diaspora.software/ns/schema"


@routes.get("/.well-known/oauth-authorization-server", scope="public", transaction="none")
async def oauth_server(request: Request) -> Response:
    """Where applications register, ask and get tokens (RFC 8414)."""
    origin = here()
    return json(
        {
            "issuer": f"{origin}/",
            "service_documentation": f"{origin}/about",
            "authorization_endpoint": f"{origin}/oauth/authorize",
            "token_endpoint": f"{origin}/oauth/token",
            "app_registration_endpoint": f"{origin}/api/v1/apps",
            "revocation_endpoint": f"{origin}/oauth/revoke",
            "userinfo_endpoint": f"{origin}/oauth/userinfo",
            "scopes_supported": ALL,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }
    )


@routes.get(PATH, scope="public", transaction="writing")
async def mark(request: Request) -> Response:
    """That this name leads to this network: `challenge`, signed with its key."""
    return json(await instance.mark(request.conn, current().name, here(), request.text("challenge")))


@routes.get("/.well-known/palabre-name", scope="public", transaction="none")
async def is_ours(request: Request) -> Response:
    """200 where `domain` is a name of this network, else 404: for proxies that ask before they get a certificate."""
    if request.text("domain").lower() not in {host.partition(":")[0] for host in hosts()}:
        raise NotFound
    return json({"domain": request.text("domain").lower()})


@routes.get("/.well-known/nodeinfo", scope="public", transaction="none")
async def nodeinfo_links(request: Request) -> Response:
    """Where NodeInfo lies."""
    return json(
        {
            "links": [
                {"rel": f"{_NODEINFO}/{version}", "href": f"{here()}/nodeinfo/{version}"} for version in ("2.0", "2.1")
            ]
        }
    )


@routes.get("/nodeinfo/{version}", scope="public")
async def nodeinfo(request: Request) -> Response:
    """Software, sign-up and how many people and posts there are."""
    version = request.path["version"]
    if version not in ("2.0", "2.1"):
        raise NotFound
    about = await instance.about(request.conn)
    totals = await accounts.totals(request.conn)
    software = {"name": "palabre", "version": __version__}
    users = {"total": totals.members, "activeMonth": totals.active_month, "activeHalfyear": totals.active_half_year}
    response = json(
        {
            "version": version,
            "software": software | ({"repository": source_url()} if version == "2.1" else {}),
            "protocols": [],
            "services": {"inbound": [], "outbound": []},
            "openRegistrations": about.registration in ("open", "approval"),
            "usage": {"users": users, "localPosts": totals.posts},
            "metadata": {"nodeName": about.name, "nodeDescription": about.description},
        }
    )
    response.headers["content-type"] = f'application/json; profile="{_NODEINFO}/{version}#"; charset=utf-8'
    return response


@routes.get("/.well-known/webfinger", scope="public")
async def webfinger(request: Request) -> Response:
    """Whom a handle or a profile's address names."""
    resource = request.text("resource")
    if not resource:
        raise _NoResource("The parameter resource is missing")
    found = await accounts.by_handle(request.conn, _handle(resource))
    public = (await accounts.look_at(request.conn, found)).public
    page = entities.reveal_text(public.url)
    response = json(
        {
            "subject": f"acct:{public.username}@{current().name}",
            "aliases": [page],
            "links": [
                {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": page},
                {"rel": "http://webfinger.net/rel/avatar", "href": entities.reveal_text(public.avatar)},
            ],
        }
    )
    response.headers["content-type"] = "application/jrd+json; charset=utf-8"
    return response


@routes.get("/.well-known/host-meta", scope="public", transaction="none")
async def host_meta(request: Request) -> Response:
    """Where WebFinger lies, for older software."""
    template = quoteattr(f"{here()}/.well-known/webfinger?resource={{uri}}")
    return Response(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" template={template}/>\n</XRD>\n',
        media_type="application/xrd+xml",
    )


class _NoResource(Refused):
    status = 400


def _handle(resource: str) -> str:
    """A handle of this network; "" for what cannot name anybody here."""
    if resource.startswith("acct:"):
        name, _, domain = resource.removeprefix("acct:").removeprefix("@").partition("@")
        return name if domain.lower() in hosts() else ""
    url = urlsplit(resource)
    path = unquote(url.path).strip("/")
    if url.netloc.lower() not in hosts():
        return ""
    if path.startswith("users/"):
        return path.removeprefix("users/")
    return path.removeprefix("@") if path.startswith("@") else ""
