"""Writes pictures by Pillow, and beside each what Pillow reads there: pillow.py FOLDER RADIOGRAPHS.npz. Exits with 3 where Pillow or NumPy is missing."""
import sys

try:
    import numpy as np
    from PIL import Image
except ImportError:
    sys.exit(3)


def write(folder, name, pixels, **options):
    path = f"{folder}/{name}"
    pixels = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    pixels.save(path, **options)
    if options.get("compression", "") in ("group3", "group4", "tiff_ccitt"):
        # the photometric interpretation becomes the one that fax has: white is zero
        with open(path, "rb") as file:
            bytes = file.read()
        assert bytes.count(b"\x06\x01\x03\0\x01\0\0\0\x01\0") == 1
        with open(path, "wb") as file:
            file.write(bytes.replace(b"\x06\x01\x03\0\x01\0\0\0\x01\0", b"\x06\x01\x03\0\x01\0\0\0\0\0"))
    read = Image.open(path)
    read.load()
    if read.mode in ("P", "CMYK", "YCbCr"):
        read = read.convert("RGB")
    values = np.asarray(read).astype("<f4") * (255 if read.mode == "1" else 1)
    with open(path + ".values", "wb") as file:
        np.array([values.shape[1], values.shape[0], values.size // values.shape[0] // values.shape[1]], "<i4").tofile(file)
        values.astype("<f4").tofile(file)


folder, radiographs = sys.argv[1:]
images = np.load(radiographs)["test_images"]
grey = np.concatenate([np.concatenate(images[5 * row : 5 * row + 5], 1) for row in range(4)], 0)[:250, :301]
rng = np.random.default_rng(1)
# more than eight bits: a radiograph's, and noise below them
deep = (grey.astype("u2") * 250 + rng.integers(0, 250, grey.shape, dtype="u2")).astype("u2")
colour = np.stack([grey, 255 - grey, np.roll(grey, 40, 1)], 2)
smooth = Image.fromarray(colour)

write(folder, "grey.png", grey)
write(folder, "deep.png", deep)
write(folder, "colour.png", colour)
write(folder, "palette.png", smooth.quantize(200))
write(folder, "bits.png", Image.fromarray(grey).convert("1"))
write(folder, "grey.bmp", grey)
write(folder, "colour.bmp", colour)
write(folder, "grey.gif", grey)
write(folder, "lossless.webp", smooth, lossless=True)
write(folder, "grey.jpg", grey, quality=90)
write(folder, "progressive.jpg", grey, quality=75, progressive=True)
write(folder, "colour-444.jpg", colour, quality=95, subsampling=0)
write(folder, "cmyk.jpg", smooth.convert("CMYK"), quality=95)
for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
    write(folder, f"grey-{compression}.tif", grey, compression=compression)
    write(folder, f"deep-{compression}.tif", deep, compression=compression)
    write(folder, f"colour-{compression}.tif", colour, compression=compression)
for compression in ("tiff_lzw", "tiff_adobe_deflate"):
    write(folder, f"grey-predicted-{compression}.tif", grey, compression=compression, tiffinfo={317: 2})
    write(folder, f"deep-predicted-{compression}.tif", deep, compression=compression, tiffinfo={317: 2})
    write(folder, f"colour-predicted-{compression}.tif", colour, compression=compression, tiffinfo={317: 2})
for compression in ("group3", "group4", "tiff_ccitt"):
    write(folder, f"bits-{compression}.tif", Image.fromarray(grey).convert("1"), compression=compression)
write(folder, "grey-jpeg.tif", grey, compression="jpeg", quality=90)
write(folder, "colour-jpeg.tif", colour, compression="jpeg", quality=95)
write(folder, "palette.tif", smooth.quantize(200))
