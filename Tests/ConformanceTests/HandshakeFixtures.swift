// SPDX-License-Identifier: Apache-2.0

/// Certificates and keys on the elliptic curve P-256 that OpenSSL made, good from 2000 to 2125.
enum HandshakeFixtures {
    /// Whose client certificates are taken.
    static let clientAuthority = """
        -----BEGIN CERTIFICATE-----
        MIIBfTCCASKgAwIBAgIUJ83K3pOxBz0g0GeY7CB79nHYjRgwCgYIKoZIzj0EAwIw
        GzEZMBcGA1UEAwwQQ2xpZW50IEF1dGhvcml0eTAgFw0wMDAxMDEwMDAwMDBaGA8y
        MTI1MTIzMTIzNTk1OVowGzEZMBcGA1UEAwwQQ2xpZW50IEF1dGhvcml0eTBZMBMG
        ByqGSM49AgEGCCqGSM49AwEHA0IABPok4Bk1Jjbh8wL7H92htiDuSE8K1QbWONGh
        WwhCiapzmX8QgOwa7vQfkZfZVQKx5bxOCkWsnk4a44g/fm0N2WyjQjBAMA8GA1Ud
        EwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgIEMB0GA1UdDgQWBBRu6exRGgdstFOV
        bVA6gQsFjnj/szAKBggqhkjOPQQDAgNJADBGAiEA/Xv2p97mw6WGi45Q9MPpGAQI
        jZsIAg2VGanqNgjQuWUCIQDZltTKwCd53jqZXTS6UtksJsipMmk0e3KZlNGru/MI
        vg==
        -----END CERTIFICATE-----

        """

    /// A server's certificate for `cafe.example.com`.
    static let server = """
        -----BEGIN CERTIFICATE-----
        MIIBvzCCAWSgAwIBAgIUYxXhCGPCJsqAweM9KTC9xEhAX8cwCgYIKoZIzj0EAwIw
        GzEZMBcGA1UEAwwQQ2xpZW50IEF1dGhvcml0eTAgFw0wMDAxMDEwMDAwMDBaGA8y
        MTI1MTIzMTIzNTk1OVowGzEZMBcGA1UEAwwQY2FmZS5leGFtcGxlLmNvbTBZMBMG
        ByqGSM49AgEGCCqGSM49AwEHA0IABHnJBGvWjKfmYHFmpm2CVXSLZSsuo69L5SiK
        2fH30W3ncqC40hf0MkpdQPICfz1k1nHnh82sVlbFnfuwAomq1xWjgYMwgYAwDAYD
        VR0TAQH/BAIwADAbBgNVHREEFDASghBjYWZlLmV4YW1wbGUuY29tMBMGA1UdJQQM
        MAoGCCsGAQUFBwMBMB0GA1UdDgQWBBQ1+eDne35igfG4xZiPTB/1Pwcl2jAfBgNV
        HSMEGDAWgBRu6exRGgdstFOVbVA6gQsFjnj/szAKBggqhkjOPQQDAgNJADBGAiEA
        7ktmNwea26HHiryJ6TymTryeR28S4JidttrlS0AXiTYCIQD2MKeJICBPjG8bq/Ww
        ohnC2nSUxIzJonmJqE2i4C4aIA==
        -----END CERTIFICATE-----

        """

    /// Its key.
    static let serverKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgwJGFdqQBl8NzIzhq
        AxDjHAurwMeVfpTzQ0sxDzODjdOhRANCAAR5yQRr1oyn5mBxZqZtglV0i2UrLqOv
        S+Uoitnx99Ft53KguNIX9DJKXUDyAn89ZNZx54fNrFZWxZ37sAKJqtcV
        -----END PRIVATE KEY-----

        """

    /// A client's certificate of that authority, `CN=barista,O=Cafe`.
    static let client = """
        -----BEGIN CERTIFICATE-----
        MIIBpTCCAUugAwIBAgIUf943wClAHUCFw52vqyaQmHPClwUwCgYIKoZIzj0EAwIw
        GzEZMBcGA1UEAwwQQ2xpZW50IEF1dGhvcml0eTAgFw0wMDAxMDEwMDAwMDBaGA8y
        MTI1MTIzMTIzNTk1OVowITEQMA4GA1UEAwwHYmFyaXN0YTENMAsGA1UECgwEQ2Fm
        ZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABC4gg7gshu51ZQPWwdk2hAZmBQvj
        DJq6joiiyFap+0aj7EmQIE4cEw+Z845Gd9th9orVRvS5SJLxyMDJu9WT0lqjZTBj
        MAwGA1UdEwEB/wQCMAAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0OBBYEFCHC
        nUFgTXAAUwmsFTW5wtBRyf1nMB8GA1UdIwQYMBaAFG7p7FEaB2y0U5VtUDqBCwWO
        eP+zMAoGCCqGSM49BAMCA0gAMEUCIHA8bNwAddXnkqbN5VReXMODxCeU+9R0PQdK
        kM/JYaVQAiEAkVGBsKcdiU73B7ysbGMVKIfn8se4JqHDYpVtxQK1U9c=
        -----END CERTIFICATE-----

        """

    /// Its key.
    static let clientKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjZaG8qkAKVJh2uBg
        dtML3tXVgzyGsqrh5b7gt5kpqE6hRANCAAQuIIO4LIbudWUD1sHZNoQGZgUL4wya
        uo6IoshWqftGo+xJkCBOHBMPmfOORnfbYfaK1Ub0uUiS8cjAybvVk9Ja
        -----END PRIVATE KEY-----

        """

    /// A client's certificate of another authority.
    static let stranger = """
        -----BEGIN CERTIFICATE-----
        MIIBlzCCATygAwIBAgIUVZWYSOXoe37c+OzfdVTKiW9c5aswCgYIKoZIzj0EAwIw
        GjEYMBYGA1UEAwwPT3RoZXIgQXV0aG9yaXR5MCAXDTAwMDEwMTAwMDAwMFoYDzIx
        MjUxMjMxMjM1OTU5WjATMREwDwYDVQQDDAhzdHJhbmdlcjBZMBMGByqGSM49AgEG
        CCqGSM49AwEHA0IABPKTUthZZ/oqpyFsL88Ph+KRg/S0T8cEhA4FGzoJcYzG4ILQ
        RJsiXamsjo1AkPUzIsawHOgOU3zu8oNag+RwHlKjZTBjMAwGA1UdEwEB/wQCMAAw
        EwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0OBBYEFOl2/AYCOVLnbAWkRmP6VOCA
        W4raMB8GA1UdIwQYMBaAFOA6HiKIm884XfQjbelPN8jWcaPoMAoGCCqGSM49BAMC
        A0kAMEYCIQDmsc9bM55qhcgIN14VMfn0ohgmLy+HY2T/1m5Y66wEbAIhAIhPorG3
        lwSxqTqpFrXDu3D7ORVpdFkHVL8yoYB1AUIX
        -----END CERTIFICATE-----

        """

    /// Its key.
    static let strangerKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg3PqkHOV52otyKkjR
        btfXm7kcB/9kAdzlbKY1jMiqGNmhRANCAATyk1LYWWf6KqchbC/PD4fikYP0tE/H
        BIQOBRs6CXGMxuCC0ESbIl2prI6NQJD1MyLGsBzoDlN87vKDWoPkcB5S
        -----END PRIVATE KEY-----

        """
}
