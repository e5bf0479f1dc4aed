"""From a public text back to what an editor writes (由版本还原稿件内容).

Test persons are not part of a public text, so they are written anew.
"""

from msgspec import structs

from models.policies.contents import Content
from models.policies.editions import Edition
from models.policies.guides import Guide
from models.policies.texts import Text
from models.policies.wording import BodyFormat


def written(text: Text) -> Content:
    """Return a text as an editor would have written it, in HTML."""
    bare = Content(body_format=BodyFormat.HTML, valid_to=text.valid_to)
    if isinstance(text, Edition):
        return _of_edition(bare, text)
    if isinstance(text, Guide):
        return _of_guide(bare, text)
    raise TypeError(type(text).__name__)


def _of_edition(bare: Content, edition: Edition) -> Content:
    identity = edition.identity
    return structs.replace(
        bare,
        title=identity.title,
        topic=identity.topic,
        level=identity.level,
        region=identity.region,
        issuer=identity.issuer,
        tags=identity.tags,
        audience=identity.audience,
        number=edition.number,
        summary=edition.summary,
        body=edition.html,
        effective_from=edition.effective_from,
        effective_to=edition.effective_to,
        minor=edition.minor,
        benefit=edition.benefit,
        rule=edition.rule,
    )


def _of_guide(bare: Content, guide: Guide) -> Content:
    return structs.replace(
        bare,
        title=guide.title,
        category=guide.category,
        region=guide.region,
        tags=guide.tags,
        audience=guide.audience,
        summary=guide.summary,
        body=guide.html,
    )
