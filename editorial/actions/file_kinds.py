"""What a refused file really is, by its first bytes, and what its owner can do about it."""

PLAIN = "Diese Datei ist kein Bild. Bitte wählen Sie JPEG, PNG oder WebP."
A_FILM = "Diese Datei ist ein Video. Bitte nehmen Sie dafür „Video hochladen“."
AS_JPEG = "Bitte speichern Sie das Bild als JPEG und laden Sie es dann hoch."

# Name of the brand in an ISO container (bytes 8 to 12).
BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "HEIC"),
    **dict.fromkeys((b"avif", b"avis"), "AVIF"),
}
SIGNATURES = (
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
    (b"\0\0\x01\0", "ICO"),
)


def refusal_of(data: bytes) -> str:
    """A German sentence for a file that is none of the kinds of pictures we take."""
    if data[4:8] == b"ftyp":
        brand = BRANDS.get(data[8:12])
        return A_FILM if brand is None else f"Bilder im Format {brand} zeigt nicht jedes Gerät. {AS_JPEG}"
    if b"<svg" in data[:1000].lower():
        return "SVG-Dateien nehmen wir nicht an: Darin können Programme stecken. Bitte speichern Sie das Bild als PNG."
    if data.startswith(b"%PDF"):
        return "Diese Datei ist ein PDF und kein Bild. Bitte speichern Sie die Seite als PNG oder JPEG."
    kind = next((name for start, name in SIGNATURES if data.startswith(start)), None)
    return PLAIN if kind is None else f"Bilder im Format {kind} nehmen wir nicht an. {AS_JPEG}"
