/**
 * Pictures of 3 x 5 pixels that Pillow 13.0 wrote, with the pixels it was given; transparent ones are laid over white, and 16 bits
 * scaled to 8.
 */
export const pngs = [
  {
    name: "grey",
    shape: [3, 5, 1],
    base64:
      "iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAAAAAB+XZokAAAAG0lEQVR4nGOMV3YQ/8bwmn+x4nWGm00/9goAADwtB4YEYyzdAAAAAElFTkSuQmCC",
    pixels: [95, 130, 194, 217, 207, 235, 15, 163, 33, 215, 217, 130, 248, 189, 16],
  },
  {
    name: "colour",
    shape: [3, 5, 3],
    base64:
      "iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAIAAADUVFKvAAAAO0lEQVR4nAEwAM//ALjozU6pPX0KHfBCE7YnOwEEO1Ha8SecBljU6nBYXRkBqul/CAQBv47MKspO57PF5yEU9kGAqaYAAAAASUVORK5CYII=",
    pixels: [
      184, 232, 205, 78, 169, 61, 125, 10, 29, 240, 66, 19, 182, 39, 59, 4, 59, 81, 222, 44, 120, 122, 50,
      208, 78, 28, 64, 166, 121, 89, 170, 233, 127, 178, 237, 128, 113, 123, 76, 155, 69, 154, 130, 248, 95,
    ],
  },
  {
    name: "bits",
    shape: [3, 11, 1],
    base64:
      "iVBORw0KGgoAAAANSUhEUgAAAAsAAAADAQAAAABthMjmAAAAEUlEQVR4nGPcyc70PoEl5AcADe4DY9szWr8AAAAASUVORK5CYII=",
    pixels: [
      255, 0, 255, 255, 255, 0, 0, 255, 255, 255, 0, 255, 0, 255, 0, 255, 0, 0, 0, 0, 0, 255, 255, 255, 255,
      255, 255, 255, 0, 0, 255, 0, 255,
    ],
  },
  {
    name: "grey of 16 bits",
    shape: [3, 5, 1],
    base64:
      "iVBORw0KGgoAAAANSUhEUgAAAAUAAAADEAAAAAAuzUZnAAAALElEQVR4nAEhAN7/ANt+jecImcPPusoA2Lks9xbb3PkFqASy5OieOCSfS2cPOawRiP4LMMYAAAAASUVORK5CYII=",
    pixels: [219, 141, 9, 195, 186, 216, 45, 23, 220, 6, 138, 21, 76, 123, 108],
  },
  {
    name: "colour with opacity",
    shape: [3, 5, 3],
    base64:
      "iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAYAAABbNsX4AAAASklEQVR4nAE/AMD/AAyjOmc99T8HaMpeAWAH0R+o6x4CAakKrqsS2ODbf1QgH/cwMJy/eqtcBLwQ6xjOz6q357/G72MxS75PX8rPPyIdawaGh3wAAAAASUVORK5CYII=",
    pixels: [
      157, 218, 175, 250, 255, 250, 254, 255, 254, 236, 225, 249, 254, 255, 253, 197, 91, 201, 219, 240, 196,
      128, 125, 203, 202, 216, 247, 246, 236, 182, 137, 80, 177, 177, 225, 179, 150, 250, 255, 125, 38, 73,
      100, 208, 64,
    ],
  },
  {
    name: "grey with opacity",
    shape: [3, 5, 1],
    base64:
      "iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAQAAADxPw1zAAAAKklEQVR4nGMMYzv0VbTs94fTPkyaK9VO8zTNk5v4k8n22wNBd4kKQ+3DAPi0DlfkcyrsAAAAAElFTkSuQmCC",
    pixels: [251, 28, 162, 173, 247, 167, 105, 66, 227, 175, 212, 65, 250, 122, 222],
  },
  {
    // Colour 2 of the palette, of pixel 9, 12 and 13, is transparent.
    name: "palette",
    shape: [3, 5, 3],
    base64:
      "iVBORw0KGgoAAAANSUhEUgAAAAUAAAADBAMAAACpGNjLAAAAElBMVEWf73WDyYWRaGrXMkJ9Ch1ELnaXVG0oAAAAA3RSTlP//wDXyg1BAAAAFElEQVR4nGNkdHrLFCT0gYFBiQEAEroCqlmfkdcAAAAASUVORK5CYII=",
    pixels: [
      159, 239, 117, 131, 201, 133, 125, 10, 29, 215, 50, 66, 215, 50, 66, 68, 46, 118, 215, 50, 66, 68, 46,
      118, 68, 46, 118, 255, 255, 255, 159, 239, 117, 159, 239, 117, 255, 255, 255, 255, 255, 255, 159, 239,
      117,
    ],
  },
] as const;

/** JPEGs of 17 x 13 pixels that Pillow 13.0 wrote, and what it decodes at every fourth pixel of every fourth row. */
export const jpegs = [
  {
    name: "colour",
    shape: [17, 13, 3],
    base64:
      "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAARAA0DAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDqfA/xC0/7Cv75fu+tfmVLLKntNj7vhrKK31NadCLxJ8QdP+2DMy9PWv0TKMtqfVtj5jiTKK311aHzb4H+Jd99gXEzfd9a9GllVP2mx/SXDWSUvqa06EfiT4mX32wfvW6Hoa/RMoymn9X2PmOJMkpfXVocn4G/48F/3a+WpfxD9K4a/wB0XoR+Jv8Aj+H0r9Eyj/dz5jiT/ffvP//Z",
    pixels: [
      120, 152, 89, 169, 151, 105, 174, 151, 120, 130, 150, 138, 118, 135, 90, 169, 136, 105, 173, 136, 120,
      130, 135, 138, 119, 99, 90, 170, 99, 107, 174, 99, 122, 130, 98, 137, 119, 63, 90, 169, 64, 105, 175,
      63, 122, 130, 62, 137, 120, 49, 89, 169, 50, 106, 177, 49, 123, 128, 50, 136,
    ],
  },
  {
    name: "progressive and grey",
    shape: [17, 13, 1],
    base64:
      "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/wgALCAARAA0BAREA/8QAFgABAQEAAAAAAAAAAAAAAAAAAgUH/9oACAEBAAAAAahzYyT/AP/EABkQAAIDAQAAAAAAAAAAAAAAAAQFAgMSMv/aAAgBAQABBQIFhXglhXsFlPBLOeweCe//xAAWEAEBAQAAAAAAAAAAAAAAAAAxABD/2gAIAQEABj8CZmd//8QAGhAAAQUBAAAAAAAAAAAAAAAAABARITFBcf/aAAgBAQABPyFljRgRnnRpCnif/9oACAEBAAAAEIP/xAAdEAABBAIDAAAAAAAAAAAAAAAAARExURAhcYGx/9oACAEBAAE/EPQAZHgs0rsDBUsLjIOD/9k=",
    pixels: [135, 151, 154, 143, 125, 142, 145, 134, 104, 121, 124, 112, 83, 100, 103, 91, 75, 92, 96, 83],
  },
] as const;

/** The bytes of a picture. */
export const bytesOf = ({ base64 }: { readonly base64: string }): Uint8Array =>
  Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
