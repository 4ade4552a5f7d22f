#ifndef CCURL_H
#define CCURL_H

#include <stddef.h>

/* SMTP submission over libcurl, as three calls. libcurl's setters are variadic, which Swift cannot call, and
 * their argument types are checked by nobody: both stay behind this header, which does not include curl.h. */

typedef struct ccurl_smtp ccurl_smtp;

enum { CCURL_TLS_NONE = 0, CCURL_TLS_TRY = 1, CCURL_TLS_REQUIRED = 2 };

/* Strings are copied by ccurl_smtp_open. */
struct ccurl_smtp_settings {
    const char *url;      /* smtp://host:port or smtps://host:port, without credentials */
    const char *user;     /* NULL for none */
    const char *password; /* NULL for none */
    const char *ca_file;  /* NULL for the system's certificates */
    int starttls;         /* CCURL_TLS_… */
    long connect_timeout_milliseconds;
    long total_timeout_milliseconds;
};

/* The command a server refused. */
enum { CCURL_STAGE_CONNECT = 0, CCURL_STAGE_MAIL = 1, CCURL_STAGE_RCPT = 2, CCURL_STAGE_DATA = 3, CCURL_STAGE_END = 4 };

struct ccurl_smtp_result {
    int curl_code;        /* 0: the server took the message */
    int stage;            /* CCURL_STAGE_… reached when it failed */
    int body_sent;        /* 1: the whole message was handed to the connection, its end included */
    long reply;           /* last reply code, 0 for none */
    long final_reply;     /* reply to the end of the message, 0 for none */
    char enhanced[12];    /* enhanced status code of the last reply (RFC 3463), "" for none */
    int new_connections;  /* 0: an earlier connection was used again */
};

/* Call once, before any other, on one thread. Returns 0 on success. */
int ccurl_global_init(void);

/* One connection's worth of state; use it from one thread at a time. NULL when memory or a setting is refused. */
ccurl_smtp *ccurl_smtp_open(const struct ccurl_smtp_settings *settings);

/* Submits one message, blocking until the server answered or a time-out passed. fresh: 1 to ignore a kept
 * connection. Dot-stuffing is done here. */
void ccurl_smtp_send(ccurl_smtp *smtp, const char *from, const char *to, const unsigned char *message, size_t length,
                     int fresh, struct ccurl_smtp_result *result);

/* Connects anew, signs in where a user is set and says NOOP: whether the server is there, without a message. */
void ccurl_smtp_probe(ccurl_smtp *smtp, struct ccurl_smtp_result *result);

/* Says QUIT and frees everything. */
void ccurl_smtp_close(ccurl_smtp *smtp);

/* A static English phrase for a curl code. */
const char *ccurl_describe(int curl_code);

#endif
