/* Calls that the trunk makes to us: from its own addresses only. */
#include "internal.h"

#include <errno.h>
#include <string.h>

/* Nobody rings for longer. */
enum { LONGEST_RINGING = 60000 };

/* MARK: - Whose calls are taken */

static void add_source(cre_engine *engine, const struct sa *source) {
    for (size_t i = 0; i < engine->source_count; i++)
        if (sa_cmp(&engine->sources[i], source, SA_ADDR)) return;
    if (engine->source_count < MOST_SOURCES) sa_cpy(&engine->sources[engine->source_count++], source);
}

/* The addresses that are written down. */
void incoming_begin(cre_engine *engine) {
    struct sa source;
    if (sa_set_str(&source, engine->host, 0) == 0) add_source(engine, &source);
    char *rest = engine->callers, *word;
    while (rest && (word = strsep(&rest, " ")))
        if (*word && sa_set_str(&source, word, 0) == 0) add_source(engine, &source);
}

/* Whoever answers what only the trunk was asked is the trunk, by whichever of its names' addresses. */
void incoming_trust(cre_engine *engine, const struct sip_msg *answer) {
    if (engine->takes_calls && answer && !answer->req) add_source(engine, &answer->src);
}

static bool is_trusted(const cre_engine *engine, const struct sa *source) {
    for (size_t i = 0; i < engine->source_count; i++)
        if (sa_cmp(&engine->sources[i], source, SA_ADDR)) return true;
    return false;
}

/* MARK: - Ringing */

static void rang_too_long(void *argument) { call_end(argument, CRE_BY_RINGING, 480, 0, NULL); }

/* Who the trunk says it is; it asserts what a telephone only claims (RFC 3325). Empty for a hidden number. */
static void read_caller(const struct sip_msg *message, char *caller, size_t size) {
    const struct sip_hdr *asserted = sip_msg_hdr(message, SIP_HDR_P_ASSERTED_IDENTITY);
    struct sip_addr address;
    *caller = 0;
    if (asserted && sip_addr_decode(&address, &asserted->val) == 0) (void)pl_strcpy(&address.uri.user, caller, size);
    else (void)pl_strcpy(&message->from.uri.user, caller, size);
    for (const char *digit = caller + (*caller == '+'); *digit; digit++)
        if (*digit < '0' || *digit > '9') *caller = 0;
}

static int ring(struct call *call, const struct sip_msg *message) {
    cre_engine *engine = call->engine;
    int error = call_open_media(call);
    call->has_offer = mbuf_get_left(message->mb) > 0;
    if (!error && call->has_offer) error = sdp_decode(call->description, message->mb, true);
    if (!error)
        error = sipsess_accept(
            &call->session, engine->sessions, message, 180, "Ringing", engine->user ? engine->user : "tocsin",
            "application/sdp", NULL, call_authorize, engine, false, call_offered, call_answered_description,
            call_established, NULL, NULL, call_closed, call, NULL);
    return error;
}

void incoming_call(const struct sip_msg *message, void *argument) {
    cre_engine *engine = argument;
    if (!engine->takes_calls) {
        /* Not 6xx: the same account may ring elsewhere too, where somebody answers. */
        (void)sip_treply(NULL, engine->sip, message, 480, "Temporarily Unavailable");
        return;
    }
    if (!is_trusted(engine, &message->src)) {
        (void)sip_treply(NULL, engine->sip, message, 403, "Forbidden");
        return;
    }
    if (engine->is_stopping || engine->count >= engine->most_calls) {
        (void)sip_treply(NULL, engine->sip, message, 486, "Busy Here");
        return;
    }
    struct call *call = call_new(engine, CRE_FIRST_INCOMING + ++engine->last_incoming);
    int error = call ? ring(call, message) : ENOMEM;
    if (error) {
        (void)sip_treply(NULL, engine->sip, message, 488, "Not Acceptable Here");
        if (call) call_end(call, CRE_BY_US, 0, error, NULL);
        return;
    }
    call->is_incoming = true;
    char caller[32];
    read_caller(message, caller, sizeof caller);
    tmr_start(&call->ringing, LONGEST_RINGING, rang_too_long, call);
    tell(engine, &(cre_event){.kind = CRE_INCOMING, .call = call->number, .text = *caller ? caller : NULL});
}

/* MARK: - Answering */

void incoming_answer(struct call *call) {
    if (!call->is_incoming || call->was_answered || call->has_ended) return;
    struct mbuf *description = NULL;
    int error = sdp_encode(&description, call->description, !call->has_offer);
    if (!error) error = sipsess_answer(call->session, 200, "OK", description, NULL);
    mem_deref(description);
    if (error) {
        call_end(call, CRE_BY_US, 0, error, NULL);
        return;
    }
    tmr_cancel(&call->ringing);
    if (call->has_offer) media_begin(call);
}
