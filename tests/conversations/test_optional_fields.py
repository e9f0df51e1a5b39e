"""What need not be entered is offered on the card; Selesai leaves it out."""

from tests.conftest import Office


async def at_the_keyboard(office: Office) -> None:
    """The clerk is at step 2 of a test, which has two items to tick and one field that may stay empty."""
    await office.clerk.says("uji fungsi komputer")
    await office.clerk.taps("Uji Fungsi")
    await office.clerk.taps("Mulai")
    await office.clerk.says("120")
    await office.clerk.taps("Laptop")
    await office.clerk.taps("Normal")
    await office.clerk.taps("Selesai")
    await office.clerk.taps("Semua tombol ditekan")
    await office.clerk.taps("Penunjuk dan klik dicoba")


async def test_it_is_offered_and_typed(office: Office) -> None:
    await at_the_keyboard(office)
    assert "Tombol atau penunjuk yang bermasalah · boleh dikosongkan" in office.clerk.sees
    assert "Ketik jawabannya." in office.clerk.sees

    await office.clerk.says("Huruf A")

    assert "✅ Tombol atau penunjuk yang bermasalah: Huruf A" in office.clerk.sees
    assert "boleh dikosongkan" not in office.clerk.sees


async def test_selesai_leaves_it_out(office: Office) -> None:
    await at_the_keyboard(office)

    await office.clerk.taps("Selesai")

    assert "Langkah 3 dari 10" in office.clerk.sees


async def test_a_word_leaves_it_out_and_lainnya_brings_it_back(office: Office) -> None:
    await at_the_keyboard(office)

    await office.clerk.says("kosongkan")
    assert "✅ Tombol atau penunjuk yang bermasalah: –" in office.clerk.sees
    await office.clerk.taps("Lainnya")
    await office.clerk.taps("Tombol atau penunjuk")
    await office.clerk.says("Enter")

    assert "✅ Tombol atau penunjuk yang bermasalah: Enter" in office.clerk.sees


async def test_a_button_typed_is_still_the_button(office: Office) -> None:
    await at_the_keyboard(office)

    await office.clerk.says("lewati")

    assert "Mengapa langkah ini dilewati?" in office.clerk.sees


async def test_a_caption_does_not_fill_it(office: Office) -> None:
    await at_the_keyboard(office)

    await office.clerk.sends_photo(caption="Huruf A")

    assert "boleh dikosongkan" in office.clerk.sees


async def test_the_card_keeps_to_four_buttons_beside_what_is_ticked(office: Office) -> None:
    await at_the_keyboard(office)

    assert office.clerk.screen.count("[") == 2 + 4
