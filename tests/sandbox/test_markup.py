"""Our reading of Telegram's HTML, held against Telegram's own library."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.sandbox.entities import Entity
from bot.sandbox.found import find
from bot.sandbox.markup import Malformed, Text, cleaned, parse_html
from tests.sandbox import oracle

NAMES = [
    *("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "span"),
    *("a", "pre", "code", "blockquote", "tg-emoji", "tg-time", "br", "p", "B"),
]
ATTRIBUTES = (
    ' href="https://contoh.go.id/a?b=1&amp;c"',
    " href='tg://user?id=42'",
    " href=x.y",
    ' class="tg-spoiler"',
    ' class="language-python"',
    " class=language-c",
    " expandable",
    ' expandable="no"',
    ' emoji-id="5368324170671202286"',
    ' unix="1647531900" format="wDT"',
    " unix=1647531900 format=r",
    ' format="x" unix=5',
    " other = 'thing'",
    ' title="&lt;&#x27;"',
    " =x",
    " a='",
    "/",
)
PIECES = st.one_of(
    st.builds(
        lambda name, parts: f"<{name}{''.join(parts)}>",
        st.sampled_from(NAMES),
        st.lists(st.sampled_from(ATTRIBUTES), max_size=2),
    ),
    st.builds("</{}>".format, st.sampled_from([*NAMES, "", "b "])),
    st.sampled_from(
        ["&lt;", "&gt", "&amp;", "&quot;", "&nbsp;", "&", "&#65;", "&#x1F600;", "&#0;", "&#x110000", "&#55357;"]
    ),
    st.sampled_from(
        ["kata ", "Langkah 3", "\n", " ", "😀", "é", "漢", "<", ">", '"', "'", "=", "\t", "\0", "www.go.id"]
    ),
    st.text(max_size=4),
)


def wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tag = st.tuples(st.sampled_from(NAMES[:-3]), st.lists(st.sampled_from(ATTRIBUTES[:12]), max_size=1))
    return st.builds(
        lambda tag, parts: f"<{tag[0]}{''.join(tag[1])}>{''.join(parts)}</{tag[0]}>", tag, st.lists(inner, max_size=3)
    )


NESTED = st.recursive(PIECES, wrapped, max_leaves=8)


def ours(html: str) -> Text | str:
    try:
        return parse_html(html)
    except Malformed as complaint:
        return f"Can't parse entities: {complaint}"


def theirs(html: str) -> Text | str:
    try:
        return oracle.parse_html(html)
    except oracle.Refusal as refusal:
        return str(refusal)


@settings(max_examples=1500, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=8).map("".join), st.lists(NESTED, max_size=3).map("".join)))
@example("<pre><code class='language-c'>x</code></pre>")
@example("<code class='language-c'><pre>x</pre></code>")
@example("<a>contoh.go.id</a>")
@example('<a href="tg:user?id=7#x">ya</a>')
@example('<tg-emoji emoji-id="0">x</tg-emoji>')
@example("<tg-time unix=99999999999 format=tTdDw>x</tg-time>")
def test_any_html_is_read_as_telegram_reads_it(html: str) -> None:
    assert ours(html) == theirs(html)


LINKS = st.lists(
    st.sampled_from(
        [
            "http://",
            "HTTPS://",
            "tg://",
            "ton:",
            "ftp://",
            "x.y",
            "a",
            "@",
            ":",
            "80",
            "099999",
            "/",
            "?q",
            "#f",
            " ",
            "%4",
            "%41",
            "é",
            "[::1]",
            "user?id=",
            "7",
            "-",
            "_",
            ".",
            "&",
            "|",
        ]
    ),
    max_size=6,
).map("".join)


@settings(max_examples=800, deadline=None)
@given(LINKS)
def test_a_link_is_written_as_telegram_writes_it(link: str) -> None:
    html = f'<a href="{link.replace("&", "&amp;")}">x</a>'

    assert ours(html) == theirs(html)


STYLES = [
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "code",
    "pre",
    "text_link",
    "blockquote",
    "expandable_blockquote",
]


@st.composite
def marked(draw: st.DrawFn) -> Text:
    plain = "x" + draw(st.text(st.sampled_from("ab \n\r\t\u2028\u0333\u200e\u200fé😀"), max_size=12)) + "x"
    borders = [0]
    for character in plain:
        borders.append(borders[-1] + (2 if character > "\uffff" else 1))
    spans = draw(
        st.lists(st.tuples(st.sampled_from(STYLES), st.sampled_from(borders), st.sampled_from(borders)), max_size=5)
    )
    return Text(
        plain,
        tuple(
            Entity(kind, begin, end - begin, "http://a.go.id/" if kind == "text_link" else "")
            for kind, begin, end in spans
            if end > begin
        ),
    )


@settings(max_examples=1500, deadline=None)
@given(marked())
def test_a_text_is_cleaned_and_its_marks_mended_as_telegram_does(text: Text) -> None:
    assert cleaned(text) == oracle.cleaned(text)


@pytest.mark.parametrize(
    "plain",
    [
        "/start_1-2",
        "/start@pandu_bot ya",
        "//start",
        "a/start",
        "/lapor, /sop.",
        "tulis @pandu_bot dan @pic tapi bukan @ab",
        "a@b.go.id",
        "surel: tata.usaha@kantor.go.id.",
        "#langkah_3 #2024 #a#b",
        "$USD $usd",
        "lihat contoh.go.id/a_(b)?c=1.",
        "https://contoh.go.id:8080/jalan, lalu",
        "http://localhost:8000/x",
        "12.30 WIB dan 3.5 kg",
        "file.txt dan naskah.docx",
        "Selesai. Lanjut",
    ],
)
def test_what_telegram_marks_by_itself_is_marked(plain: str) -> None:
    assert find(plain) == oracle.find(plain)


def test_blanks_around_a_text_go_but_not_those_a_mark_begins_with() -> None:
    assert cleaned(Text(" \n a b \n")) == Text("a b")
    assert cleaned(Text(" \n a", (Entity("bold", 1, 3),))) == Text("\n a", (Entity("bold", 0, 3),))
    assert cleaned(Text("ab  ", (Entity("bold", 1, 3),))) == Text("ab", (Entity("bold", 1, 1),))


def test_a_text_with_nothing_to_see_is_empty() -> None:
    assert cleaned(Text(" \n\u200b\u2800\u3000")) == Text("")


def test_a_mark_inside_half_a_character_is_refused() -> None:
    with pytest.raises(Malformed):
        cleaned(Text("😀", (Entity("bold", 1, 1),)))
