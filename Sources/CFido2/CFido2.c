#include "CFido2.h"

#include <cbor.h>
#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <openssl/evp.h>
#include <string.h>

// Authenticator data (WebAuthn, section 6.1): hash of the relying party's name, flags, counter, then the new credential.
enum { HASH = 32, FLAGS_AT = 32, COUNTER_AT = 33, HEAD = 37 };
enum { USER_PRESENT = 0x01, USER_VERIFIED = 0x04, HAS_CREDENTIAL = 0x40 };
// What comes before the new credential's id: its maker's model and the id's length, in two bytes.
enum { ID_LENGTH_AT = HEAD + 16, ID_AT = ID_LENGTH_AT + 2 };
// An attestation object has three members, its statement at most three here.
enum { MOST_MEMBERS = 8, MOST_DEPTH = 8 };

/// Whether one CBOR item ends within its bytes; moves `*p` behind it. libcbor allocates what a header counts before it
/// reads the first element, so that five bytes ask for gigabytes: nothing is given to it that was not walked here.
/// Items of indefinite length are refused, which CTAP2 forbids.
static int fits(const uint8_t **p, const uint8_t *end, int depth) {
    if (depth > MOST_DEPTH || *p >= end) return 0;
    const uint8_t head = *(*p)++;
    const int major = head >> 5, info = head & 31;
    uint64_t n = (uint64_t)info;
    if (info > 27) return 0;
    if (info >= 24) {
        size_t width = (size_t)1 << (info - 24);
        if ((size_t)(end - *p) < width) return 0;
        for (n = 0; width > 0; width--) n = n << 8 | *(*p)++;
    }
    if (major == 6) return fits(p, end, depth + 1);
    if (major < 2 || major == 7) return 1;
    // Strings have n bytes, arrays and maps at least as many.
    if (n > (uint64_t)(end - *p)) return 0;
    if (major < 4) {
        *p += n;
        return 1;
    }
    for (uint64_t left = major == 5 ? 2 * n : n; left > 0; left--)
        if (!fits(p, end, depth + 1)) return 0;
    return 1;
}

/// Whether bytes are whole CBOR items, or none.
static int all_fit(const uint8_t *p, const uint8_t *end) {
    while (p < end)
        if (!fits(&p, end, 0)) return 0;
    return 1;
}

static uint32_t counter_of(const uint8_t *data) {
    return (uint32_t)data[COUNTER_AT] << 24 | (uint32_t)data[COUNTER_AT + 1] << 16 |
           (uint32_t)data[COUNTER_AT + 2] << 8 | (uint32_t)data[COUNTER_AT + 3];
}

static int is_of(const char *rp_id, const uint8_t *data) {
    uint8_t hash[HASH];
    unsigned int length = 0;
    return EVP_Digest(rp_id, strlen(rp_id), hash, &length, EVP_sha256(), NULL) == 1 && length == HASH &&
           memcmp(hash, data, HASH) == 0;
}

/// The value of a text key in a small map; NULL when it is not there, is there twice, or the map is none.
static cbor_item_t *member(const cbor_item_t *map, const char *name) {
    if (!cbor_isa_map(map) || !cbor_map_is_definite(map) || cbor_map_size(map) > MOST_MEMBERS) return NULL;
    cbor_item_t *found = NULL;
    struct cbor_pair *pairs = cbor_map_handle(map);
    for (size_t i = 0; i < cbor_map_size(map); i++) {
        cbor_item_t *key = pairs[i].key;
        if (!cbor_isa_string(key) || !cbor_string_is_definite(key)) return NULL;
        if (cbor_string_length(key) != strlen(name) || memcmp(cbor_string_handle(key), name, strlen(name)) != 0) continue;
        if (found != NULL) return NULL;
        found = pairs[i].value;
    }
    return found;
}

static int is_bytes(const cbor_item_t *item) {
    return item != NULL && cbor_isa_bytestring(item) && cbor_bytestring_is_definite(item) && cbor_bytestring_length(item) > 0;
}

static int is_text(const cbor_item_t *item, const char *text) {
    return item != NULL && cbor_isa_string(item) && cbor_string_is_definite(item) &&
           cbor_string_length(item) == strlen(text) && memcmp(cbor_string_handle(item), text, strlen(text)) == 0;
}

/// Makes libfido2's own form of a public key, which checks that it is one (a point of the curve, a modulus).
static enum cfido2_result copy_key(const fido_cred_t *cred, struct cfido2_credential *out) {
    const unsigned char *key = fido_cred_pubkey_ptr(cred);
    const size_t length = fido_cred_pubkey_len(cred);
    if (key == NULL || length == 0 || length > sizeof(out->key)) return CFIDO2_MALFORMED;
    int code = FIDO_ERR_UNSUPPORTED_ALGORITHM;
    out->algorithm = fido_cred_type(cred);
    if (out->algorithm == COSE_ES256) {
        es256_pk_t *pk = es256_pk_new();
        if (pk == NULL) return CFIDO2_NO_MEMORY;
        code = es256_pk_from_ptr(pk, key, length);
        es256_pk_free(&pk);
    } else if (out->algorithm == COSE_EDDSA) {
        eddsa_pk_t *pk = eddsa_pk_new();
        if (pk == NULL) return CFIDO2_NO_MEMORY;
        code = eddsa_pk_from_ptr(pk, key, length);
        eddsa_pk_free(&pk);
    } else if (out->algorithm == COSE_RS256) {
        rs256_pk_t *pk = rs256_pk_new();
        if (pk == NULL) return CFIDO2_NO_MEMORY;
        code = rs256_pk_from_ptr(pk, key, length);
        rs256_pk_free(&pk);
    } else {
        return CFIDO2_UNSUPPORTED_KEY;
    }
    if (code != FIDO_OK) return CFIDO2_MALFORMED;
    memcpy(out->key, key, length);
    out->key_length = length;
    return CFIDO2_OK;
}

/// A statement signed by the new key itself: `alg` and `sig`, and no certificate.
static enum cfido2_result check_statement(fido_cred_t *cred, const cbor_item_t *statement) {
    if (cbor_map_size(statement) != 2) return CFIDO2_FOREIGN_ATTESTATION;
    const cbor_item_t *signature = member(statement, "sig"), *algorithm = member(statement, "alg");
    if (!is_bytes(signature) || algorithm == NULL || !cbor_isa_negint(algorithm)) return CFIDO2_MALFORMED;
    // A negative integer n is stored as -1 - n.
    if (cbor_get_int(algorithm) != (uint64_t)(-1 - fido_cred_type(cred))) return CFIDO2_REFUSED;
    if (fido_cred_set_sig(cred, cbor_bytestring_handle(signature), cbor_bytestring_length(signature)) != FIDO_OK ||
        fido_cred_set_fmt(cred, "packed") != FIDO_OK)
        return CFIDO2_MALFORMED;
    return fido_cred_verify_self(cred) == FIDO_OK ? CFIDO2_OK : CFIDO2_REFUSED;
}

/// Takes the credential out of authenticator data. libfido2 wants to know the algorithm before: each of the three is tried.
/// Returns NULL when it is of none of them, or no credential at all.
static fido_cred_t *credential_in(const uint8_t *bytes, size_t length) {
    static const int algorithms[] = {COSE_ES256, COSE_EDDSA, COSE_RS256};
    for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
        fido_cred_t *cred = fido_cred_new();
        if (cred != NULL && fido_cred_set_type(cred, algorithms[i]) == FIDO_OK &&
            fido_cred_set_authdata_raw(cred, bytes, length) == FIDO_OK)
            return cred;
        fido_cred_free(&cred);
    }
    return NULL;
}

static enum cfido2_result read_registration(
    const char *rp_id, const uint8_t *client_data, size_t client_data_length, const cbor_item_t *root,
    struct cfido2_credential *out) {
    const cbor_item_t *format = member(root, "fmt"), *statement = member(root, "attStmt"), *data = member(root, "authData");
    if (format == NULL || statement == NULL || !cbor_isa_map(statement) || !is_bytes(data)) return CFIDO2_MALFORMED;
    const int is_none = is_text(format, "none");
    if (!is_none && !is_text(format, "packed")) return CFIDO2_FOREIGN_ATTESTATION;
    if (is_none && cbor_map_size(statement) != 0) return CFIDO2_MALFORMED;
    const uint8_t *bytes = cbor_bytestring_handle(data);
    const size_t length = cbor_bytestring_length(data);
    if (length <= HEAD || !(bytes[FLAGS_AT] & HAS_CREDENTIAL)) return CFIDO2_MALFORMED;
    if (!is_of(rp_id, bytes) || !(bytes[FLAGS_AT] & USER_PRESENT) || !(bytes[FLAGS_AT] & USER_VERIFIED)) return CFIDO2_REFUSED;

    if (length < ID_AT) return CFIDO2_MALFORMED;
    const size_t key_at = ID_AT + ((size_t)bytes[ID_LENGTH_AT] << 8 | bytes[ID_LENGTH_AT + 1]);
    if (length <= key_at || !all_fit(bytes + key_at, bytes + length)) return CFIDO2_MALFORMED;

    fido_cred_t *cred = credential_in(bytes, length);
    if (cred == NULL) return CFIDO2_UNSUPPORTED_KEY;
    enum cfido2_result result = copy_key(cred, out);
    const size_t id_length = fido_cred_id_len(cred);
    if (result == CFIDO2_OK && (id_length == 0 || id_length > sizeof(out->id))) result = CFIDO2_MALFORMED;
    if (result == CFIDO2_OK) {
        memcpy(out->id, fido_cred_id_ptr(cred), id_length);
        out->id_length = id_length;
        out->counter = counter_of(bytes);
        if (!is_none) {
            result = fido_cred_set_rp(cred, rp_id, NULL) == FIDO_OK &&
                             fido_cred_set_clientdata(cred, client_data, client_data_length) == FIDO_OK
                         ? check_statement(cred, statement)
                         : CFIDO2_NO_MEMORY;
        }
    }
    fido_cred_free(&cred);
    return result;
}

enum cfido2_result cfido2_register(
    const char *rp_id, const uint8_t *client_data, size_t client_data_length, const uint8_t *attestation,
    size_t attestation_length, struct cfido2_credential *credential) {
    fido_init(0);
    memset(credential, 0, sizeof(*credential));
    if (!all_fit(attestation, attestation + attestation_length)) return CFIDO2_MALFORMED;
    struct cbor_load_result load;
    cbor_item_t *root = cbor_load(attestation, attestation_length, &load);
    if (root == NULL) return CFIDO2_MALFORMED;
    // What follows the object is nobody's: nothing is let in that was not judged.
    const enum cfido2_result result =
        load.read == attestation_length
            ? read_registration(rp_id, client_data, client_data_length, root, credential)
            : CFIDO2_MALFORMED;
    cbor_decref(&root);
    return result;
}

/// A public key as libfido2 kept it; the caller frees it by `free_key`.
static void *make_key(int algorithm, const uint8_t *key, size_t length) {
    if (algorithm == COSE_ES256) {
        es256_pk_t *pk = es256_pk_new();
        if (pk != NULL && es256_pk_from_ptr(pk, key, length) != FIDO_OK) es256_pk_free(&pk);
        return pk;
    }
    if (algorithm == COSE_EDDSA) {
        eddsa_pk_t *pk = eddsa_pk_new();
        if (pk != NULL && eddsa_pk_from_ptr(pk, key, length) != FIDO_OK) eddsa_pk_free(&pk);
        return pk;
    }
    if (algorithm == COSE_RS256) {
        rs256_pk_t *pk = rs256_pk_new();
        if (pk != NULL && rs256_pk_from_ptr(pk, key, length) != FIDO_OK) rs256_pk_free(&pk);
        return pk;
    }
    return NULL;
}

static void free_key(int algorithm, void *key) {
    if (algorithm == COSE_ES256) { es256_pk_t *pk = key; es256_pk_free(&pk); }
    if (algorithm == COSE_EDDSA) { eddsa_pk_t *pk = key; eddsa_pk_free(&pk); }
    if (algorithm == COSE_RS256) { rs256_pk_t *pk = key; rs256_pk_free(&pk); }
}

enum cfido2_result cfido2_assert(
    const char *rp_id, int algorithm, const uint8_t *key, size_t key_length, const uint8_t *client_data,
    size_t client_data_length, const uint8_t *authenticator_data, size_t authenticator_data_length,
    const uint8_t *signature, size_t signature_length, int wants_verified_user, uint32_t *counter) {
    *counter = 0;
    if (authenticator_data_length < HEAD || signature_length == 0) return CFIDO2_MALFORMED;
    // Behind its head an assertion has extensions at most.
    if (!all_fit(authenticator_data + HEAD, authenticator_data + authenticator_data_length)) return CFIDO2_MALFORMED;
    fido_init(0);
    void *pk = make_key(algorithm, key, key_length);
    if (pk == NULL) return CFIDO2_UNSUPPORTED_KEY;
    fido_assert_t *assertion = fido_assert_new();
    enum cfido2_result result = CFIDO2_NO_MEMORY;
    if (assertion != NULL && fido_assert_set_count(assertion, 1) == FIDO_OK &&
        fido_assert_set_rp(assertion, rp_id) == FIDO_OK &&
        fido_assert_set_up(assertion, FIDO_OPT_TRUE) == FIDO_OK &&
        fido_assert_set_uv(assertion, wants_verified_user ? FIDO_OPT_TRUE : FIDO_OPT_OMIT) == FIDO_OK &&
        fido_assert_set_clientdata(assertion, client_data, client_data_length) == FIDO_OK) {
        if (fido_assert_set_authdata_raw(assertion, 0, authenticator_data, authenticator_data_length) != FIDO_OK ||
            fido_assert_set_sig(assertion, 0, signature, signature_length) != FIDO_OK)
            result = CFIDO2_MALFORMED;
        else
            result = fido_assert_verify(assertion, 0, algorithm, pk) == FIDO_OK ? CFIDO2_OK : CFIDO2_REFUSED;
    }
    fido_assert_free(&assertion);
    free_key(algorithm, pk);
    if (result == CFIDO2_OK) *counter = counter_of(authenticator_data);
    return result;
}
