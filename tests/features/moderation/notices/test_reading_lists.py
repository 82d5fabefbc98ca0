"""Whatever hosts and authorities send, every line of it is found."""

import contextlib
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.base.errors import Refused
from palabre.features.moderation.notices import lists

A, B = "https://talk.example/@alice/1", "https://talk.example/@bob/2"


def urls(content: bytes | str) -> list[str]:
    found = lists.read(content.encode() if isinstance(content, str) else content)
    return [line.url for line in found.lines]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("heading", ["url", "URL", "Content URL", "content_url", "Link", "Adresse", "Reported-URI"])
def test_tables_with_any_of_the_usual_headings(delimiter: str, heading: str) -> None:
    rows = [["id", heading, "Reason"], ["1", A, "a threat"], ["2", B, ""]]
    found = lists.read("\r\n".join(delimiter.join(row) for row in rows).encode())
    assert [(line.url, line.comment) for line in found.lines] == [(A, "a threat"), (B, "")]
    assert found.kind == "csv"


def test_tables_as_spreadsheets_save_them() -> None:
    table = f"Lien;Motif;Catégorie\n{A};Menacé à mort;Threats\n"
    for content in (table.encode("utf-8-sig"), table.encode("utf-16"), table.encode("cp1252")):
        (line,) = lists.read(content).lines
        assert (line.url, line.comment, line.category) == (A, "Menacé à mort", "threat")


def test_a_table_without_headings() -> None:
    found = lists.read(f"17,{A},hate\n18,{B},\n".encode())
    assert [(line.url, line.comment) for line in found.lines] == [(A, "17 · hate"), (B, "18")]


def test_rows_without_an_address_are_lines_too() -> None:
    assert urls(f"url,reason\n{A},x\n,forgotten\n{B},y\n") == [A, "", B]


def test_quoted_cells_with_newlines_and_delimiters() -> None:
    (line,) = lists.read(f'url,reason\n"{A}","one, two\nthree"\n'.encode()).lines
    assert line.url == A and line.comment == "one, two\nthree"


@pytest.mark.parametrize(
    "content",
    [
        f'["{A}", "{B}"]',
        f'[{{"url": "{A}", "reason": "x"}}, {{"url": "{B}"}}]',
        f'{{"reports": [{{"content_url": "{A}"}}, {{"content_url": "{B}"}}]}}',
        f'{{"from": {{"name": "Host"}}, "data": {{"items": ["{A}", "{B}"]}}}}',
        f'{{"url": "{A}"}}\n{{"url": "{B}"}}\n',
    ],
)
def test_json_of_any_shape(content: str) -> None:
    assert urls(content) == [A, B]


def test_addresses_in_running_text() -> None:
    assert urls(f"Dear all,\nplease look at <{A}> and\n{B}.\nYours") == [f"{A}>", f"{B}."]
    assert urls("talk.example/@alice/1\n@bob@talk.example\n") == ["talk.example/@alice/1", "@bob@talk.example"]


def test_arf() -> None:
    message = MIMEMultipart("report", report_type="feedback-report")
    message["From"], message["Subject"] = "Abuse Desk <abuse@host.example>", "Ticket 17"
    message.attach(MIMEText("See https://elsewhere.example/unrelated", "plain"))
    feedback = MIMEBase("message", "feedback-report")
    feedback.set_payload(
        f"Feedback-Type: abuse\nUser-Agent: Desk/1\nVersion: 1\nReported-URI: {A}\nReported-URI: {B}\n"
        "Reported-Domain: talk.example\n"
    )
    message.attach(feedback)
    for content in (message.as_bytes(), message.as_bytes().replace(b"\n", b"\r\n")):
        found = lists.read(content)
        assert [line.url for line in found.lines] == [A, B]
        assert (found.kind, found.name, found.email) == ("mail", "Abuse Desk", "abuse@host.example")
        assert found.comment == "Ticket 17"


@pytest.mark.parametrize(
    ("subtype", "text"),
    [
        (
            "plain",
            f"---\nReported-From: a@b.example\nReport-Type: abuse\nSource-Type: uri\nSource: {A}\nVersion: 0.2\n",
        ),
        ("json", f'{{"Version": "2", "ReporterInfo": {{"ReporterOrg": "X"}}, "Report": {{"SourceUrl": "{A}"}}}}'),
    ],
)
def test_x_arf(subtype: str, text: str) -> None:
    message = MIMEMultipart()
    message["From"], message["X-XARF"] = "abuse@host.example", "PLAIN"
    message.attach(MIMEText("Something for you to read.", "plain"))
    part = MIMEText(text, subtype) if subtype == "plain" else MIMEBase("application", "json")
    if subtype == "json":
        part.set_payload(text)
    part.add_header("Content-Disposition", "attachment", filename="report.txt")
    message.attach(part)
    assert urls(message.as_bytes()) == [A]


def test_a_list_attached_to_a_mail() -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "desk@host.example", "us@talk.example", "98 addresses"
    message.set_content("Attached.")
    message.add_attachment(f"url\n{A}\n{B}\n".encode(), maintype="text", subtype="csv", filename="list.csv")
    assert urls(message.as_bytes()) == [A, B]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"nothing here", b"{}", b"[]", b"\x00\x01", b"url\n"])
def test_what_has_no_address_in_it_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        lists.read(content)


def test_json_nested_without_end_is_refused() -> None:
    with pytest.raises(Refused):
        lists.read(b"[" * 5_000 + b"]" * 5_000)


@given(st.binary(max_size=300))
def test_no_bytes_are_too_strange(content: bytes) -> None:
    mail = b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n" + content
    for each in (content, mail):
        with contextlib.suppress(Refused):
            lists.read(each)
