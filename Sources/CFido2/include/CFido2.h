// A C view of libfido2's checks and libcbor's parser: what a security key hands over at registration and at sign-in.
// No device is ever spoken to. Every input is a hostile browser's; the caller bounds its length.
#ifndef CFIDO2_H
#define CFIDO2_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum cfido2_result {
    CFIDO2_OK = 0,
    /// Not the bytes that a registration or an assertion is made of.
    CFIDO2_MALFORMED = 1,
    /// An attestation that names its maker: none was asked for, and none is judged here.
    CFIDO2_FOREIGN_ATTESTATION = 2,
    /// A key of another algorithm than ES256 (P-256), EdDSA (Ed25519) or RS256 (2,048 bits).
    CFIDO2_UNSUPPORTED_KEY = 3,
    /// Another relying party, a flag that is missing, or a signature that is not the key's.
    CFIDO2_REFUSED = 4,
    CFIDO2_NO_MEMORY = 5
};

/// Longest credential identifier (WebAuthn, section 4: 1,023 bytes) and public key (RSA: 256 bytes and 3).
#define CFIDO2_LONGEST_ID 1023
#define CFIDO2_LONGEST_KEY 512

/// What a registration gives. The public key is in libfido2's form: x and y (ES256), 32 bytes (EdDSA), n and e (RS256).
struct cfido2_credential {
    /// COSE: -7 ES256, -8 EdDSA, -257 RS256.
    int algorithm;
    size_t id_length;
    uint8_t id[CFIDO2_LONGEST_ID];
    size_t key_length;
    uint8_t key[CFIDO2_LONGEST_KEY];
    uint32_t counter;
};

/// Reads a registration: attestation `none`, or `packed` by the key itself, whose signature is checked. The relying party's
/// hash, user presence and user verification are required.
/// rp_id: NUL-terminated. client_data: the bytes of clientDataJSON, whose contents the caller has judged.
enum cfido2_result cfido2_register(
    const char *rp_id, const uint8_t *client_data, size_t client_data_length, const uint8_t *attestation,
    size_t attestation_length, struct cfido2_credential *credential);

/// Checks an assertion: relying party's hash, user presence, user verification when asked for, and the signature.
/// counter: receives the key's signature counter.
enum cfido2_result cfido2_assert(
    const char *rp_id, int algorithm, const uint8_t *key, size_t key_length, const uint8_t *client_data,
    size_t client_data_length, const uint8_t *authenticator_data, size_t authenticator_data_length,
    const uint8_t *signature, size_t signature_length, int wants_verified_user, uint32_t *counter);

#ifdef __cplusplus
}
#endif

#endif
