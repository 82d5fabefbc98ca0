"""Terms and privacy notice, for communities that wrote none of their own."""

from collections.abc import Callable

from markdown_it import MarkdownIt
from markupsafe import Markup

Words = Callable[[str], str]
_markdown = MarkdownIt("commonmark", {"html": False})


def html(text: str) -> Markup:
    """Markdown as safe HTML: what is HTML in it shows as written, and no link runs a script."""
    return Markup(_markdown.render(text))  # noqa: S704 - html is off, and links are checked


def terms(_: Words) -> str:
    """Short, and true of every community that runs this program."""
    return "\n\n".join(
        [
            _("These terms say what you and this community may expect of each other."),
            "## " + _("What you bring"),
            _(
                "What you write and upload stays yours. By posting it you allow this community to keep it and to show it "
                "to those you chose; deleting it ends that."
            ),
            _("Post only what you have the right to post, and keep to the rules on the about page."),
            _("Keep your password to yourself. You answer for what is done with your account."),
            "## " + _("What you can expect"),
            _(
                "The rules are applied by people. Whoever is concerned by a decision is told what was decided and why, and "
                "can answer."
            ),
            _(
                "You can take everything you wrote with you, and delete your account, at any time, without giving a "
                "reason."
            ),
            _(
                "The place is run with care, but without guarantee: it can be away for a while, and it can end. If it is "
                "to end, you are told in time to take your things."
            ),
            "## " + _("When these terms change"),
            _("The new version stands here, with its date. Which version you agreed to is kept."),
        ]
    )


def privacy(_: Words, contact: str) -> str:
    """What this program really keeps; change it when that changes."""
    asking = _("Questions, or a wish to see or correct what is kept about you: %(contact)s") % {"contact": contact}
    return "\n\n".join(
        [
            _("This community keeps what it needs to work, and nothing for advertising. Nobody is followed around."),
            "## " + _("What is kept"),
            "\n".join(
                [
                    "- " + _("your e-mail address, to let you back in and to tell you of decisions that concern you;"),
                    "- " + _("your password, as a hash from which it can't be read;"),
                    "- " + _("what you post, and whom you follow, block and mute, until you delete it;"),
                    "- " + _("the browser and internet address of each of your sessions, until it ends;"),
                    "- " + _("reports, and what was reported, for as long as a decision can be questioned."),
                ]
            ),
            "## " + _("What others see"),
            _("Everybody sees your profile and your public posts. Other posts reach those you chose for them."),
            _("Moderators see what is reported to them, and no more of your private posts than that."),
            _("Whoever runs the server could technically read everything on it. Nothing here is secret from them."),
            _(
                "From pictures, the place, time and device that cameras write into them are removed before they are kept."
            ),
            "## " + _("Cookies"),
            _("One keeps you signed in, two remember language and theme, one carries a message to the next page."),
            "## " + _("Your rights"),
            _("You can read, correct, take along and delete your data in your settings, at any time."),
            asking if contact else "",
        ]
    )
