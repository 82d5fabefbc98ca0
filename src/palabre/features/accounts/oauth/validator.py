"""What oauthlib asks while it checks a request. It does no I/O: the rows are fetched first and handed over here."""

from typing import Any

from oauthlib.oauth2 import RequestValidator
from oauthlib.oauth2.rfc6749.errors import UnsupportedCodeChallengeMethodError
from oauthlib.oauth2.rfc6749.grant_types import AuthorizationCodeGrant, ClientCredentialsGrant

from palabre.base.db import Row
from palabre.features.accounts.oauth import scopes as known
from palabre.features.accounts.oauth.apps import App


class Validator(RequestValidator):
    """`replayed` turns true where the application used a code a second time."""

    def __init__(self, app: App | None, code: Row | None = None) -> None:
        super().__init__()
        self.app = app
        self.code = code
        self.replayed = False

    # who asks

    def validate_client_id(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        request.client = self.app
        return self.app is not None and self.app.client_id == client_id

    def client_authentication_required(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        return True

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        if self.app is None or not self.app.knows(str(request.client_secret or "")):
            return False
        request.client = self.app
        return True

    # what for

    def validate_grant_type(self, client_id: str, grant_type: str, *args: Any, **kwargs: Any) -> bool:
        return grant_type in ("authorization_code", "client_credentials")

    def validate_response_type(self, client_id: str, response_type: str, *args: Any, **kwargs: Any) -> bool:
        return response_type == "code"

    def get_default_scopes(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> list[str]:
        return list(known.DEFAULT)

    def validate_scopes(self, client_id: str, scopes: list[str], client: Any, *args: Any, **kwargs: Any) -> bool:
        return known.known(scopes) and known.within(scopes, client.scopes)

    # where to

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        return self.app is not None and redirect_uri in self.app.redirect_uris

    def get_default_redirect_uri(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> Any:
        uris = self.app.redirect_uris if self.app else ()
        return uris[0] if len(uris) == 1 else None

    # the code, and the proof that it comes from who asked for it

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        if self.code is None or self.code["client_id"] != client.client_id:
            return False
        self.replayed = self.code["used_at"] is not None
        request.user, request.scopes = self.code["account_id"], self.code["scopes"]
        return bool(self.code["good"])

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return self.code is not None and self.code["redirect_uri"] == redirect_uri

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        return False

    def get_code_challenge(self, code: str, request: Any) -> Any:
        return self.code["challenge"] if self.code else None

    def get_code_challenge_method(self, code: str, request: Any) -> Any:
        return self.code["challenge_method"] if self.code else None


def code_grant(validator: Validator) -> AuthorizationCodeGrant:
    return AuthorizationCodeGrant(validator, pre_auth=[_only_s256])


def credentials_grant(validator: Validator) -> ClientCredentialsGrant:
    return ClientCredentialsGrant(validator)


def _only_s256(request: Any) -> dict[str, Any]:
    """`plain` proves nothing, and is what no method means."""
    if request.code_challenge is not None and request.code_challenge_method != "S256":
        raise UnsupportedCodeChallengeMethodError(request=request)
    return {}
