// SPDX-License-Identifier: Apache-2.0
// The C libraries that carry QUIC and HTTP/3: Debian's libngtcp2-dev, libngtcp2-crypto-gnutls-dev, libnghttp3-dev.
#ifndef ALBEDO_CQUIC_H
#define ALBEDO_CQUIC_H

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <nghttp3/nghttp3.h>
#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#endif
