/** FITS files that astropy 8.0 wrote, in gzip, with the values that it was given; null is a pixel without one. */
export const fitsFiles = [
  {
    name: "a map in single precision",
    shape: [3, 4],
    base64:
      "H4sIAAAAAAACAwv29A3wcVVQsFXAAkIU9BWS8/PS8otyixVK8hXcPEOCFYpLEvNSEotSFLACJ8+QAM8IrObpGhsBzUssKkqsVEhJLElUKKksSFUgAPwcIzyDFXC4D2ReXmluUmqRQn4azOTM3NS84sz8vGLc5hniMM9EgWQANs8Ih3nGpJvnGhHi6ueCMz5INw9k2CgYBaNgFIyCUTAKRsEooBqwVjkjsFtXndMm8FaPNWfd4j367SbWb35Otbm6dJfNbO2SPWkzp+85H7xgj48Nr1XEqlMMo2AUjIJRMApGwSgYBaNgFIxgAAAzlNRKgBYAAA==",
    pixels: [
      0.002514604479074478, -0.002642097184434533, 0.012808453291654587, 0.002098002238199115,
      -0.010713387280702591, 0.007231900934129953, 0.026080001145601273, 0.018941618502140045,
      -0.014074704609811306, -0.025308430194854736, -0.012465489096939564, 0.0008265195647254586,
    ],
  },
  {
    name: "a cube in double precision, in an extension",
    shape: [2, 3, 2],
    base64:
      "H4sIAAAAAAACA+3XzysEYRjAcdZl/wPl4smvdRGL5MKYXUtv7OxoR+bi8LJD1PzondniYFe5usiJ4uTi4uhCzbrvYWNzUBLlx41IHI2VkJ1dK6V4Ptepb887vYfnjZKwOBgC6II8JGiGcV2b0JlqgqVDH5GiYFpUi1EWg7wCRBKJ7NLrdHqUMToLMWpRsGYNBYoQeJlEwaXX4vS0uDqmMNAnXstTqqKZU7pm5u2FZCkk9Lqet2S5GEIIIYQQ+jee18koiQhd4CNhvt/ZpMH37nMzEJVOKqDMWC9babFegf25qaP9h/fnttL351zP79JrLf3/5XqtrvN9r9f2c/OJwciwIH3p/WFQRlXFUphZoNdfqOf/0Jtketwwi70/ZEngwyGn5xvgRZH/dP/ebp7mTIfvGYQQQgj9upRnZXO3qnbBTpePzq/VJ+y7656hwFnCvtR2bhcbHuzT6aXM3EbWznYHPdlMI3ck+1Zv9h65m62a5PbYsp0y9y9O1r3c/bE3feA17HPSN1LRUM0dJusqM1esDCGEEEIIoT/kCTgTJ4zAIQAA",
    pixels: [
      -2.3250307746388343, -0.21879166393254573, -1.2459109472530652, -0.7322673547034516,
      -0.5442589828573099, -0.31630015636915454, 0.4116305363741328, 1.0425133694426776, -0.12853466294403426,
      1.3664634705496859, -0.6651946734866135, 0.3515100700930197,
    ],
  },
  {
    name: "unsigned integers of 16 bits",
    shape: [2, 5],
    base64:
      "H4sIAAAAAAACA+3RsUrDQBzHcd+hi0vhv8WtJMXaxaGJJ5xoWswNwe3apDRg7uTuHIpDZx/Bx/FFBH0HVzEW3O6QFNx+nwf48uf/K/jN4poRnZOHoBGttFpr01pymi65KMg6qSppKvJKuVjw0t+LJ11PGiO3VEknyW0favpDPit5QYH7kq6nHttlbUivf8tNWyvbaGXDvTjQO6Xe9r0keF9vrBQsvwju0VtaZLPgvvEBvTt2O/ftMU7OJtP+vXl6xTLx04saF0WWZLepvZd2E9Eh9s8DAAAA+Eevb8Pn7OVj+vm14/ng6fj9ZLQ7AgAAAAAAr2/R/q+/gBYAAA==",
    pixels: [16862.0, 40329.0, 50073.0, 25144.0, 30206.0, 65353.0, 52755.0, 64280.0, 24872.0, 44927.0],
  },
  {
    name: "integers with a blank",
    shape: [2, 3],
    base64:
      "H4sIAAAAAAACA+3RMQrCMBiG4agX+T2AiHbq4NBihaCWQjt0jbYFhyaSRtDdQ7i4e8vaCk42SF39HsiQ5eUjifk22gREC+qQ0JT2ShZKlxUZRSuexFQZITOhM+rk8yTiaXfPmTc9obW4UCaMIHM55vRF6KU8Jsu+tidP5S7XpIp3+VDmsjooWdl7M0vPod5evbl1X29BmgTh0vofvfkbL1x3v9/EdX/Y144DAAAA+GOMja51Xd8ZGz4YG5ybc2vuYwYAAAAAAB+eeP/uLoAWAAA=",
    pixels: [900.0, null, 680.0, 376.0, 408.0, -223.0],
  },
  {
    name: "bytes with axes of length 1",
    shape: [1, 1, 2, 3],
    base64:
      "H4sIAAAAAAACA+3SPwrCMBiHYY/y4QWkfwYXB8UKAS2FZugaTQsdmkgSh17AE3gYj+LoUayCW4O2uAi/5wDv9OZsl20TogX14DSjg1aVNo0lp2nDeE7WCSWFkdRrxXjGCk9v3vWEMaIlKZwg1x5L+iBdFiwnTy/ueurU7EtDunqX66ZUttbK+nuBpxfRYK9e6OmFI3uRpxeM7MW/6yUFT9K195fhvWcMAAAA4I/cp5fr7TwBAAAAAIAvPACym75DgBYAAA==",
    pixels: [224.0, 34.0, 148.0, 184.0, 216.0, 134.0],
  },
  {
    name: "integers of 64 bits",
    shape: [2, 2],
    base64:
      "H4sIAAAAAAACA+3RzQqCQBiFYfu5kHMHkUS7FkUGAyWCs3A7pYILZ2JmWnj3WVkrJQSX59mc3csHXyouyTkCdughscLN6NLY2sEbnIRM4bzSubI5eh2ETETW39tu2p6yVjXIlVfwzb3AH/E+EykG7gvbnn7U18LClN9yVRfaVUa74d56sDfauxdO14syGcXHwX+M771iRERERDSZ4GPW7bzbRbfLgIiIiIiIfp5tV8y+gBYAAA==",
    pixels: [1.0, 2.0, 3.0, 4.0],
  },
  {
    name: "scaled integers",
    shape: [2, 2],
    base64:
      "H4sIAAAAAAACA+3SQQqCQBTGcSPoHO8ElULtWlhNMFAmOQtpN6WCC2ditIU3b1cWtHMQpU3w/Q7wZ957E/FDuGdEK2ohaEZXrTJtipIqTTsuIiorqRJpEmq15iLkcXvPXTY9aYysKZGVpKq+pdQh8GMekeV9XtNT9+KSGtLZt5wXqSpzrUp7z7X2evv0vN/1WCxYsLXeo7f1mZ2Otv25A3rRxrf8l/l0MWDe97AAAAAAf8QZOePnw5k4AAAAAADQ6QUnyUrbgBYAAA==",
    pixels: [1.5, 2.5, -3.0, 4.0],
  },
] as const;

/** Files of astropy 8.0 whose images are none, or compressed. */
export const unreadFits = [
  {
    name: "compressed",
    base64:
      "H4sIAAAAAAACA+2YP2zTQBjF005dKjF249vSSoXGaVSyVCJ/3GCRP1ZsUOqldZJLcqpjG9ulTRdYkJBYmBAjYmJkZGRkZISNkZGRDeyzS5rU9tekEULCb7yX/PKcu3s+WxJqYpUH2IUQybAFHUPvGdbQBseAPUGWwHZUvataXQhVUZBFoRXBy7s81bLUEXRVRwVnZBJAVC+0BAkieBmXpx8P28QCo3dOpkOi29TQ7VAe35L5ejnyemcWgyVKlChRokSJEiX6b+QdJyWhUd+FdFGoy4VilU9fsLegTXXVGoGjtjUC5NTxD6eRvL96fs7Ofn5mPC6ct+3xTmjXGXg4/4qpDu2RQ+zYfNkY3jifZZzYHs8HR0gsNR7U5VDenZ38BK9vGccmmKqlDolDrPCIlWgeAHeZZyPzIe8JfLUshfNyE7weJVqXXTFROwPv8sN48r7Is/lIlxo1sclLEl8+KBfkQnqu9SzvNZo1n8eJxfXMBkD6OvuD5WPzm64ognhw3ZAsX/ZPvmxuYwH5thlPkUoF71H4ejwvn8/jgifD6+fL+fkUvtmAReTLLS6fItQKlbj3B+PK6xi6o1K3VzrG0LSIbZMu0KHan9jLyrhPAzJM9qnAvoEX6TkvKNSQfLd2crP3qRIU6qL6VAkKNaL/Zp+PoFAXxgsK9QrvX5AmDXiVGN4cfarIQpWPux/Z9Iyw2xHVCHuJ1SYXF2AoLxvT97PySjXR28Luem4KJf6Am17P59/11rKq9Q2LOoNh7PzWgr4vVhul+5KgXDxwTPLamtE58hNH8h4WqhzE/H8mPSWaDaY7Jz4OXX+1oO+L+zLvbb2p8xA7DXg4RoZ1bhOym5DbBMOC/EZYvmzU+SU3B8/L5/dzvSFIvFsPk/l6mqE6VO+DaVDdgUfHqu7QM3fI/T818tj9hUv5tkPzcTu3M7Pz+JbsJZy6n7MqTLN8urvH2PobUPsKh8t//f1kaqy1VLzWkM94Xgbx7yH+IeKfIv5LxH+H+B8R/wvi/4j3l1YQHxA/j/gi4g8Q/yniv0b894j/CfG/If7PeH/5BuKvI/5dxG8hvon4zxH/DeJ/QPzPiP99evDmi5XUk7erR8u/OodrX1Op1rNXq6mlZDwZ/z/GEyVKlGhe/Qa32cYnwCEAAA==",
    error: "its image is compressed",
  },
  {
    name: "table",
    base64:
      "H4sIAAAAAAACA+3XQU+DMBjGcT/Ke+M4QQ9edthcMU0YI1KTeeykmyRQltIl8u1lmxqjdLBovPj8jpD806Y9vE35PIkY0Zg6CBrRU6XXlSlrshWFXKRUW6kzaTLqNOUi4UtH76btSWNkQ5m0kmyzVdQjnix5So7eZdvTu3KlDFXr93JeKl3nla47e2wpWDxz7vdshxgAAAAA/Bv7cTLli3hM3pTHYjKNmPfp94hWuZamIStXhSL1Yo/DqbP3p/NzcP78fOj5jt512yuU3tjnfe+jRH7P+gJH78rRC9y95HbxEItB74WNqXZb2kojS2WV6d7v3ame/71X95yHCDmLZumQ3vHKrHNVZO6qEI8JO5yHJ98+eT+5zyJc3M+PPfYbPbyPAAAA4KsLAAAAAAAY7BV6i5q6wCEAAA==",
    error: "holds no image",
  },
] as const;
