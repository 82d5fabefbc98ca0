"""What an operator sets goes along in an archive, unless it is the machine's: whoever adds a setting has to say which."""

from palabre.settings import MACHINE, Settings, networks_own

_MACHINES = {
    "data", "host", "port", "database_url", "database_connections", "database_memory", "media_store",
    "media_store_options", "web_processes", "worker_processes", "rate_limits", "trusted_proxies", "password_cost",
    "log_level", "log_format",
}  # fmt: skip
#: What is about a machine, most likely. A setting of the network that sounds so nevertheless is to be named in the test.
_SOUNDS_SO = "data host port process connection memory folder path log_ link_ standby".split()


def test_the_machines_settings_stay_with_it() -> None:
    marked = {name for name, field in Settings.model_fields.items() if field.json_schema_extra == MACHINE}
    assert marked >= _MACHINES
    unmarked = Settings.model_fields.keys() - marked
    assert {name for name in unmarked if any(sign in name for sign in _SOUNDS_SO)} == {"standby_lag_alarm"}


def test_secrets_travel_in_the_clear_inside_the_sealed_manifest() -> None:
    made = Settings(smtp_url="smtp://me:hunter2@mail.example", port=81, post_length=500, appeal_days=183)  # type: ignore[arg-type]
    assert networks_own(made).items() >= {"smtp_url": "smtp://me:hunter2@mail.example", "post_length": 500}.items()
    assert not {"port", "appeal_days"} & networks_own(made).keys()
    assert Settings(**networks_own(made)).post_length == 500
