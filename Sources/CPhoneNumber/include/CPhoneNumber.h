// A C view of libphonenumber: one number in, its E.164 form and its kind out.
#ifndef CPHONENUMBER_H
#define CPHONENUMBER_H

#ifdef __cplusplus
extern "C" {
#endif

enum cphonenumber_kind {
    /// Not a number at all, too long or too short.
    CPHONENUMBER_INVALID = 0,
    CPHONENUMBER_FIXED = 1,
    CPHONENUMBER_MOBILE = 2,
    /// A plan where fixed and mobile numbers look the same (North America).
    CPHONENUMBER_FIXED_OR_MOBILE = 3,
    CPHONENUMBER_VOIP = 4,
    /// Premium, shared-cost, toll-free and other service numbers: nobody's own telephone.
    CPHONENUMBER_SERVICE = 5,
    /// Of a possible length, but of no range the library's metadata know.
    CPHONENUMBER_POSSIBLE = 6
};

/// Parses a number as dialled from a region.
/// text: NUL-terminated UTF-8. region: ISO 3166 alpha-2, such as "FR" or "RE".
/// e164: at least 17 bytes; receives "+33…" NUL-terminated, or "".
/// country: receives the country calling code, such as 33.
enum cphonenumber_kind cphonenumber_parse(const char *text, const char *region, char e164[17], int *country);

#ifdef __cplusplus
}
#endif

#endif
