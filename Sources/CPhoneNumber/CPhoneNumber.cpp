#include "CPhoneNumber.h"

#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

static cphonenumber_kind kind_of(const PhoneNumberUtil &util, const PhoneNumber &number) {
    switch (util.GetNumberType(number)) {
    case PhoneNumberUtil::FIXED_LINE: return CPHONENUMBER_FIXED;
    case PhoneNumberUtil::MOBILE: return CPHONENUMBER_MOBILE;
    case PhoneNumberUtil::FIXED_LINE_OR_MOBILE: return CPHONENUMBER_FIXED_OR_MOBILE;
    case PhoneNumberUtil::VOIP:
    case PhoneNumberUtil::PERSONAL_NUMBER: return CPHONENUMBER_VOIP;
    case PhoneNumberUtil::UNKNOWN: return CPHONENUMBER_POSSIBLE;
    default: return CPHONENUMBER_SERVICE;
    }
}

extern "C" enum cphonenumber_kind cphonenumber_parse(
    const char *text, const char *region, char e164[17], int *country) {
    e164[0] = '\0';
    *country = 0;
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    if (util.Parse(text, region, &number) != PhoneNumberUtil::NO_PARSING_ERROR) return CPHONENUMBER_INVALID;
    // Not IsPossibleNumber: it takes a number without its area code too, which nobody can be called by from elsewhere.
    if (number.has_extension() || util.IsPossibleNumberWithReason(number) != PhoneNumberUtil::IS_POSSIBLE)
        return CPHONENUMBER_INVALID;
    std::string formatted;
    util.Format(number, PhoneNumberUtil::E164, &formatted);
    if (formatted.size() > 16) return CPHONENUMBER_INVALID;
    std::memcpy(e164, formatted.c_str(), formatted.size() + 1);
    *country = number.country_code();
    return kind_of(util, number);
}
