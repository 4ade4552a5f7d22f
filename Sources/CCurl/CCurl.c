#include "CCurl.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

struct ccurl_smtp {
    CURL *easy;
    char error[CURL_ERROR_SIZE];
    const unsigned char *message;
    size_t length;
    size_t position;
    struct ccurl_smtp_result *result;
};

int ccurl_global_init(void) { return (int)curl_global_init(CURL_GLOBAL_DEFAULT); }

const char *ccurl_describe(int curl_code) { return curl_easy_strerror((CURLcode)curl_code); }

/* The message, as curl asks for it. */
static size_t read_message(char *buffer, size_t size, size_t count, void *context) {
    ccurl_smtp *smtp = context;
    size_t left = smtp->length - smtp->position;
    size_t room = size * count;
    size_t taken = left < room ? left : room;
    if (taken > 0) memcpy(buffer, smtp->message + smtp->position, taken);
    smtp->position += taken;
    /* Knowing the size, curl need not ask again before it ends the message. */
    if (smtp->position == smtp->length) smtp->result->body_sent = 1;
    return taken;
}

/* "250-2.1.0 text" or "250 text": curl passes every reply line here. */
static size_t read_reply(char *line, size_t size, size_t count, void *context) {
    ccurl_smtp *smtp = context;
    struct ccurl_smtp_result *result = smtp->result;
    size_t length = size * count;
    if (length < 3 || !isdigit((unsigned char)line[0]) || !isdigit((unsigned char)line[1]) ||
        !isdigit((unsigned char)line[2]))
        return length;
    /* 221 answers the QUIT that curl says after a refusal: it is the refusal that matters. */
    if (strncmp(line, "221", 3) == 0) return length;
    result->reply = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    if (result->body_sent) result->final_reply = result->reply;
    size_t end = 4, out = 0;
    while (end < length && out + 1 < sizeof result->enhanced && (isdigit((unsigned char)line[end]) || line[end] == '.'))
        result->enhanced[out++] = line[end++];
    result->enhanced[out] = 0;
    /* class.subject.detail, and nothing that merely starts with a digit. */
    int dots = 0;
    for (size_t i = 0; i < out; i++) dots += result->enhanced[i] == '.';
    if (dots != 2 || (end < length && !isspace((unsigned char)line[end]))) result->enhanced[0] = 0;
    return length;
}

static size_t swallow(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes;
    (void)context;
    return size * count;
}

ccurl_smtp *ccurl_smtp_open(const struct ccurl_smtp_settings *settings) {
    ccurl_smtp *smtp = calloc(1, sizeof *smtp);
    if (!smtp) return NULL;
    smtp->easy = curl_easy_init();
    if (!smtp->easy) {
        free(smtp);
        return NULL;
    }
    CURL *easy = smtp->easy;
    CURLcode code = CURLE_OK;
#define SET(option, value) \
    if (code == CURLE_OK) code = curl_easy_setopt(easy, option, value)
    SET(CURLOPT_ERRORBUFFER, smtp->error);
    SET(CURLOPT_URL, settings->url);
    SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    /* http_proxy and its like in the environment must not carry alerts. */
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, settings->connect_timeout_milliseconds);
    SET(CURLOPT_TIMEOUT_MS, settings->total_timeout_milliseconds);
    SET(CURLOPT_SERVER_RESPONSE_TIMEOUT, (settings->total_timeout_milliseconds + 999) / 1000);
    SET(CURLOPT_USE_SSL, (long)(settings->starttls == CCURL_TLS_REQUIRED ? CURLUSESSL_ALL
                                : settings->starttls == CCURL_TLS_TRY    ? CURLUSESSL_TRY
                                                                         : CURLUSESSL_NONE));
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    if (settings->ca_file) SET(CURLOPT_CAINFO, settings->ca_file);
    if (settings->user) SET(CURLOPT_USERNAME, settings->user);
    if (settings->password) SET(CURLOPT_PASSWORD, settings->password);
    SET(CURLOPT_READFUNCTION, read_message);
    SET(CURLOPT_READDATA, smtp);
    SET(CURLOPT_HEADERFUNCTION, read_reply);
    SET(CURLOPT_HEADERDATA, smtp);
    SET(CURLOPT_WRITEFUNCTION, swallow);
#undef SET
    if (code != CURLE_OK) {
        ccurl_smtp_close(smtp);
        return NULL;
    }
    return smtp;
}

static int stage_of(const ccurl_smtp *smtp) {
    /* lib/smtp.c names the refused command in its message; the end of data has none of its own. */
    if (smtp->result->body_sent) return CCURL_STAGE_END;
    if (strncmp(smtp->error, "MAIL failed", 11) == 0) return CCURL_STAGE_MAIL;
    if (strncmp(smtp->error, "RCPT failed", 11) == 0) return CCURL_STAGE_RCPT;
    if (strncmp(smtp->error, "DATA failed", 11) == 0) return CCURL_STAGE_DATA;
    return CCURL_STAGE_CONNECT;
}

void ccurl_smtp_send(ccurl_smtp *smtp, const char *from, const char *to, const unsigned char *message, size_t length,
                     int fresh, struct ccurl_smtp_result *result) {
    memset(result, 0, sizeof *result);
    smtp->result = result;
    smtp->message = message;
    smtp->length = length;
    smtp->position = 0;
    smtp->error[0] = 0;
    struct curl_slist *recipients = curl_slist_append(NULL, to);
    CURLcode code = recipients ? CURLE_OK : CURLE_OUT_OF_MEMORY;
    if (code == CURLE_OK) code = curl_easy_setopt(smtp->easy, CURLOPT_MAIL_FROM, from);
    if (code == CURLE_OK) code = curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, recipients);
    if (code == CURLE_OK) code = curl_easy_setopt(smtp->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)length);
    if (code == CURLE_OK) code = curl_easy_setopt(smtp->easy, CURLOPT_FRESH_CONNECT, (long)(fresh != 0));
    if (code == CURLE_OK) code = curl_easy_perform(smtp->easy);
    result->curl_code = (int)code;
    result->stage = stage_of(smtp);
    long connections = 0;
    curl_easy_getinfo(smtp->easy, CURLINFO_NUM_CONNECTS, &connections);
    result->new_connections = (int)connections;
    curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, NULL);
    curl_slist_free_all(recipients);
    smtp->message = NULL;
}

void ccurl_smtp_probe(ccurl_smtp *smtp, struct ccurl_smtp_result *result) {
    memset(result, 0, sizeof *result);
    smtp->result = result;
    smtp->message = NULL;
    smtp->length = 0;
    smtp->position = 0;
    smtp->error[0] = 0;
    /* Without a recipient and without an upload curl says the custom command alone (lib/smtp.c, smtp_perform_command). */
    CURLcode code = curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, NULL);
    if (code == CURLE_OK) code = curl_easy_setopt(smtp->easy, CURLOPT_UPLOAD, 0L);
    if (code == CURLE_OK) code = curl_easy_setopt(smtp->easy, CURLOPT_CUSTOMREQUEST, "NOOP");
    if (code == CURLE_OK) code = curl_easy_setopt(smtp->easy, CURLOPT_FRESH_CONNECT, 1L);
    if (code == CURLE_OK) code = curl_easy_perform(smtp->easy);
    result->curl_code = (int)code;
    result->stage = CCURL_STAGE_CONNECT;
    curl_easy_setopt(smtp->easy, CURLOPT_CUSTOMREQUEST, NULL);
    curl_easy_setopt(smtp->easy, CURLOPT_UPLOAD, 1L);
}

void ccurl_smtp_close(ccurl_smtp *smtp) {
    if (!smtp) return;
    /* QUIT's reply still comes through read_reply. */
    struct ccurl_smtp_result last;
    memset(&last, 0, sizeof last);
    smtp->result = &last;
    curl_easy_cleanup(smtp->easy);
    free(smtp);
}
