// SPDX-License-Identifier: Apache-2.0

/// RSA keys of 2048 bits for test certificates, made once; they protect nothing.
///
/// They are fixed so that certificates are the same bytes in every run.
enum FixtureKeys {
    static let authority = """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEpAIBAAKCAQEA7lLFFNg3cKO+dmu7VcCpwEkfYAOl/RC6E0VcfNNCE1Dqk9A8
        vEKKEVdHyECp5X3IJnT0wNpOFy1yZtxOq+ZkIoQoUnOPjHgMpGc14gHPeX1x2uDm
        kYa1l9lwFl56t2KYpyFb04ZICP+EGPYFMN49sovc/rS8hpMlhk+ty5XXtsIGWa4c
        cR3zDp0hLQL21nV1t9cXJw4O7eErQIal00xYQHgFWM5BVy1zJtHHEJFctFlwQn1k
        O9Q4tA/25Yda5eadNq4qzRdWEBWKFixRCoCHz1YahkGlFKQ+La0wq2yJ2w1R40iS
        rW1SUIg8MbxK7miPROINOvNx+RxBFTxw0t6pFwIDAQABAoIBABiQAkzwLeKXlcE5
        wECJz1UIlEm+hoSLDUqAKxSYZ2Z7P/oFC8VxbC52WukaNQh4isDf6/vWZBcCcZiF
        WzxfTfG6wjchPunA07i8BHMrMZl5Ytsms8zK3/trByDfEvHEoSwUhZTK8bCvuQsj
        jAxp010MCjZcJVQPZV4u5yAk7OsiaD+oIaQYeW8vuD6cfsECcsq29lPJLG0j8aqV
        7zggcnk9wFddxXu88nbOmj5BDF/pJiPLMypajfpV0MRdZiWvBTM3WenlVDCK4yli
        bHfBCe7sARGmQUxrpnFO7+fVLgz85jL5a1UcVrOltTMOUCuSb48bDUJFWdyONwsk
        +qUe8x0CgYEA+HTvrLUgodApbP1algbqoy11lcCsYQyV2DMAv8fXvh0IP5vuy3yw
        s/PJNREeu4jJxJvdHJy74LHPaKNco2ikrQd7+ExNxoW3Ae8KgHulTmu2LJRFX6Pv
        5Sp1NWZz3IrT6PRFSBtuTRYI+gH6XQY9zLrcRmONoq2ZzqdWEDCjA80CgYEA9Y8S
        8ZLJgYrQ4p7xpS7uOXQfoe2hSZVAYOKsKq42qyrp2Ok7OTsi+LQ3IR29ATZEarXU
        kLX6j2x6Alw8eQafReNCmnSJRye1/7M/Yf69JJVLwKES/qKaRvky0aTuwF79C8dT
        jaJmkndBWocZYGPjxFtX/QbwnarnEcm2oXCnxHMCgYEA68eE31/v/L8fYOe5PGCJ
        8JqmWJvEukCIPuh/0H+klCzW9A5VedP1mIBENFDv2kYAO80x8wImJSB4VLOaqRQY
        Gn/cvJAkyr2AI5ymWbF8+UOsWPfIMe/QK6i0HB4C24r/eLW+vaQSc6Lyl9aisf7H
        TO8TNNUqxvN536vbN3gAaw0CgYEArbZrNk4bEvM61jaOx8YtbKODhS/v+3gENQXl
        ucPIlMok5/gGl3QIR1xl6514CZV0TPEY0M6L1E5u+aB6fzt6DRy6Dz4Fpzqme584
        ZYCqGWksT7cjEtPAxBiiJMDCzX/lDyIRL48FdPO8XehYwWGozU25Lxxrt34hPOov
        soFZjZUCgYBf1o5bvvXmjRomsp8ckgv79/hjx6fhDzMq59uKyeMNO7VPl2eG/+9I
        34Ko9B8TUkRmgvba8q1yIjBtnqK7fWofygQ0MySuY0hbNSlWYa+sKn8z2bj6bW0E
        npMPoZeh/LRJTLb1Drc7LT5ZFRzmyuPHbM61xtcAksuv4FvKOn0tDQ==
        -----END RSA PRIVATE KEY-----

        """

    static let leaves = [
        """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEowIBAAKCAQEAzT+izRSSNRGVvSaRvz/dGdnLpSo6yVIeN9IrdETeGek7j+tJ
        wvZVpTCb7vpUSkx4qFuJ83fhyz9MqZs8S63qVbPWZEMSiSZVdcPKGJ9gRgTDsENr
        8l+eOPTJMJdIxvbZI/w2a30KvJ7SdHHzStbce48/0qtIhMl+esZBnrpE7ppBDnI1
        RuIfVvZeJlQU9YPR7wpVBlK7P5wt03fyMxor2J2U1KQ4GJ9pY39SSXYNvzK9uKSz
        91tw8YqmPCvRyFgkjoQWW1p7wbBR0em/wQuCX2n0OCeibQDXO6RM3TncKrtOppZ2
        GJGBSULaFwVVBrLJdfnPx4mAjmx+kCS65Qig8wIDAQABAoIBAAanLF+/qP5e2A2b
        mbfrMp0MZuv97HpIqpLIQdS4V4cqfOfPoxYbaJJLon9CjpFJhMAwAs6zH+qGttzL
        fjFG45DxiR6SzO6DZhbr9Q2BgGrl1/ItnK/PAbqJSplN46Al4vJhPlhYT4z6W0WB
        3NkSJap30DV1KdAdAe4gMAzhdCG2tiBrA4QW6erW4+PVW8MxkHpuFbq58he5vopc
        tFQbLhYD1r+Vmu8QRBFvoK7cndcoj84gJG8RyjBwWRScjnZwmDERKnB3UXBaxzKo
        X+3OQ/gFK7EYgVJZS2X+5aSBitAx4RlcAgkplUUZZMaYIIvMz+BqZGQb7zMLXGjT
        d4eA1v0CgYEA84MHDEVPcm+3XHNYz3usCnEVpCZnR9RQ5OAiv8wuWHgiehr12y4v
        gdQIznrs07WmWTZIC8o113m+0Q6JFZ2QrsXxsPVg16uRDnnbMC9Sm435ea/RwLxJ
        6G4G7NKVaAU3i68K6rKNLw+La069fLs1OA1anlWMOoz2lqyYpm++hTcCgYEA18ZD
        2aYPe8Lj0KAl06xhMDMv5raf8AIPPqXv90wcoZ28UqstdZJaucVd1WHpyzrUTGFn
        oBAa+j/w6hA73Q++/9tFuYGN5meyvVVRc18yZVlkbO3v0SIpxk9hOtSNy/7xZI2K
        g6ktIpWcmjexQh+QYztAMjbqT9uB3WQ0Oo0roCUCgYBNnbDsZ1coWZVvQVDIaVnv
        xhWoyZjX20OhgBNzYMhQ6JHMq7U7lGAOGKBp9+JupJKOEvAp2d0JfkOk7OYi3qMU
        IgGkbsHcXFIS9CI6HItPC5S+BZ1sulcwX4mTiJeYnTkUK8nl/t1jZ6f/nwxkqmMP
        J6p/lzLoIrAiXIcXXbyzRwKBgEKNfqQFGkV8CTRyEPjG9Hsfbqjkr1Qh7n3ORMOs
        EDCxLEL7VVwsNhuSiqykNK5giNa+PG4cSZXiXvZy52P51VmpUkozcYcdeP348NR7
        ClpERjtq8Es7FFN8bGru4IWJLv9qwMx3Q9qk9taCUwQoJCrXPae/VGopNFcK7ykY
        HdqZAoGBALv1X5xAdbi9J7NhO0UtaILkctNgywoA8jlA94JxnRzRuA9Lx0aV0F7t
        rt+Vf95dhVnUVTzcwPQoCYfHL8DseLVp+5AaaYeNk205XGlY+QhxYTtr9O568LT5
        epSbApFX1LO6LTg6KW1xjh9jH6TDmi8B+QYGoSw+daTvsq2NRGrD
        -----END RSA PRIVATE KEY-----

        """,
        """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEogIBAAKCAQEArpmZhiZVNxASVirXe0DBxNCuWWYFHR8SB/91YCLUQPUplTLQ
        PHNA16KvZTg9r6PGDz/e16FxWpvVa/CNXL87GxfA+VoAB9L8YLuwq4RA3r9LalHf
        xDCup6IQrhXPtMDMTBttrd4QsUb/X81gaKInyF0StCOaQUWXD7dg7E//iDV1Tmxg
        FqfBXoN2KmVEvANAY26vMFFMnUg+/9BMuTBc14FTjjx5xeIOaOgGPxqhOcjxHuUH
        7Br072tlW3pRksLKzf4uVIx68ExES2mewkZbosCRbf3dot5012nvaIkn43lxLghc
        Yrr4ADg1b5DDW1m9jLN8eJbRnx8rhm99rvXeSwIDAQABAoIBABCmSgsOVbrx9+Wq
        oTC6LKAhjDavMValE1ma5Sz9NUNafZQiK9RP40OM2m/rDIrWsbjbjNsAJKiQyqnH
        3xsUi0Tan4bHq9ATMQjibQb2Dh+Pm1fwpcd2IvmOTUvkfZGNfw3U4cEeN3ZIQGr4
        0TQ5HlUPdwyhhoCp661OfdobCNGKqwJLvtHxOzM5PzxdBvWt6Ec75lEJNfBtkDLd
        tlqEB2Dl1xCvaZh/ntUJWuiuifs7aDCQ+pRJiXTEDGJ/MS5E41hn+Rj2Szu/bUAv
        o1X5E+4Lf4UD0nkpBhnBqp2s6pWpe+VxeoX8uvGiqNAueZOHhpPZwEt9e2UHRSnQ
        ZUJ7q5UCgYEA5tg0+8mTZd7Qo7NSpJQtlTZDk0N8zc26cu/086Q+BMz2mGrs1W8B
        3q9z+X30huNcqjc9R2pUc0FoVVr4QxAsTWD+ZwSq01qaY9tEumG+XQHKbOMsM3DN
        VN3NMI34n44OVQKYIX/c4wJTE1HZu1rbOTuqZlDdWNynOybSyGNEXYUCgYEAwaBb
        b0rDU4NI9EaaOKdG31Zewv8ZO5WXO+UDTHSuwkMP8fIdeI2igK6R5NBT7yF2RnSV
        INI49+2l8mI5CEkIGM7TrnMyPesTg0MxBC42HO/B3vcxny1bMkDwW1cHuZv5jrS7
        YObKIr2O2KJslyXeeA2YsqU+wB4Dwl5HRrhkbY8CgYBwEh0+9DDsLw1pvCBuKEYs
        /6g08XnAzJUtQdPRCTbWy88YVijewcLNoq6SPJUfe3g8Zw8IAdY4ElQdxEls/YgU
        lPdNelWYwI7d1dD7D4ME0l69GFkYLDZzci8w2GwQwj2xBc5nzRSm3TUJ1x32uHhf
        w9jJTY74mj9SF1oT0SWapQKBgEAe4Yi2gn66gENcyh+uzZqSWKlMn0eLH10XVwNP
        tLviR3qBCl9sz/67UNcsYk9Tjn6Ahw4qb/EywvzEqExlGwhUHeesgFve6ERU0Puo
        bgUhJNu4krc65vN6a95jsMw3qeonUdIiO5hLm+2DxGA9izHIluO6M1Cd3/LTE9mI
        oMFjAoGAPb58zP2bk0/bHUPxz46ZYJlz9Ly2h1mil5YndS35Gm65xR1EceUBVnNf
        KgJL919JQHLVC2ADyw7Jp2a6Xw/2lc3kZDcAWBCRaKtk4nz+LGSX4TELtgQpcEDh
        hcoo6vWDAoN7fmqx+zQjkOf8msc+32vYm73G5EM6nHzW9flYsXg=
        -----END RSA PRIVATE KEY-----

        """,
        """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEpAIBAAKCAQEAtQ1xjBOPSpUiE6d/DwXgMJ2ij2oKm0jrVKOuIJMI3/RFHbWU
        vo+Fi1EKe7mPgqSWj6wy8yXuhw2wRUGFzV+Vym3+o/9wGFnEgtqS5prwMFpWPoh3
        XQUypH1iwJJJoaBRuihehoVBezXSA9BQnB3PRUABEniEqKoqG3AWwFyyk/xZYXFz
        wIxmJjOKWhSEA+N51e8t/lkCXIFp+6JOSXTZuwyENl2fUlRlSrTzoGV4GYfUlkvG
        pSv6j37vrQptfHPi9Px9bf+PBLx7Uzf5yKZaoh5mXbyNPwpLE+RASrTVMqxxsNEh
        Gq+k9KX3FVM6CGuhMrxrPyjwykrlG16cmgLrtwIDAQABAoIBADew9e9viNEZRI0l
        JYk6dnad1oYkyTRw3qp/Wq18bOtumOAFncZsIVj0SbQ7JPC7rfBtuJJgZZm3VTRI
        bl74+vt0kDJj/VgQLMlPcIZsvFszPnonwgej9KryQrEXjnyf8uO/TSw1yymaKYqw
        xkrvRHV5tZq35Z54EVG1TdpH6UppfZwVbhPrWU3aeNUNniK80gcBTRMbjbw8muir
        G+ffgBlZRcpkZ2l43RtdBt7iwXNygqkL4xknO2dsQyu3hlce1AEBU3pI5YEyNeBK
        U0mqa/6Z6153edVLeINVpOdDa59jDayV1j/pLw2z9/uyRaBVgMQgFCP9MdgROb+Q
        lGTD0ekCgYEA3LJX3JkI2ELMmFOvKYL+qdIIpPjWCVeugKBZsCiiLCEYlYrOo2qy
        fkInKGkaIM9fFBg5lCwy3xi5WQvpL//alK71SdbpEUzxBmOeN6Rw130Uur6AgR5x
        nfuZ8MFcIzNV1YTCzFdYOGrlNZ5esMKBjik0eTN9K582RnkHguPxvu0CgYEA0gOm
        UbYoJMnXgEKia7tI2I0cCQkPMpLVO87YP9AKCJrJSYK6iBDTGpnxirS6PMjBpaO+
        ACvPO0EIob3IYl6GfzR/z5cVRk+Ty8QAkz52LhyRkC/qrkjI9dmk1tIR3Iqp47xc
        hW3SFaCV5oMUXl43+1H0pVrvJAbcq4a9tY/qnLMCgYEAnooDMfZBc1FxNhAPqatv
        k8DM8u3KnAV/1ujZ5QEblsXjqjF/xcb1GFwfUxlFasJtU7sfScECfl99bmlvB0st
        01dn37Zh0UrLbkKLuv8HDNXO2WPWXmrnRY0jhd7xeFv9Uhg/85jfSBAKPh1ZenMP
        rHcPOe3yAi8qRy/UZIOo+vUCgYEAsQ5KphEAfyN7/7It5M2ceJVe0W9F1Mld5HJa
        dlIaY267zLHeOOCWWZL3xIzhhmVqfQ8zHEnTCI2njVTHH8e5dHz6VDV3xjNI0z2H
        jpvWXsHPJtR+8jiC1GKNSl8Il/p/iHRBPGx99aXROum/vl+IquVJcC7d9m2ilSmf
        vvZ6QWkCgYBCfHMl5TYjiKOXY2E79H0G8zKn1PisTo50cw6V/WK+w6a3RFIyYX0z
        rvCWxJHrF81GS9K4M44a/suYrVjccCYNxX8njDNbFX8ynVmHzcpbCshSbrhI9k7n
        +NjN56EoCL2AMjIgHuzp1JHd4QDKjJXy2rk9PNs4pd4HPT9gZJ6HwQ==
        -----END RSA PRIVATE KEY-----

        """,
    ]
}
