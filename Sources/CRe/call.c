/* One call: its SIP session and its description of audio. */
#include "internal.h"

#include <errno.h>
#include <string.h>

const char *call_domain(const cre_engine *engine) { return engine->domain ? engine->domain : engine->host; }

int call_authorize(char **user, char **password, const char *realm, void *argument) {
    const cre_engine *engine = argument;
    (void)realm;
    if (!engine->user) return EACCES;
    int error = str_dup(user, engine->user);
    if (!error) error = str_dup(password, engine->password ? engine->password : "");
    if (error) *user = mem_deref(*user);
    return error;
}

static bool has_number(struct le *element, void *argument) {
    const struct call *call = element->data;
    return call->number == *(const uint64_t *)argument;
}

struct call *call_find(cre_engine *engine, uint64_t number) {
    if (!engine->calls) return NULL;
    struct le *element = hash_lookup(engine->calls, (uint32_t)number, has_number, &number);
    return element ? element->data : NULL;
}

/* MARK: - The end */

static void free_call(void *memory) {
    struct call *call = memory;
    tmr_cancel(&call->ringing);
    tmr_cancel(&call->end);
    hash_unlink(&call->by_number);
    media_close(call);
    /* A session that nobody answered is cancelled by this, one under way gets a BYE. */
    mem_deref(call->session);
    mem_deref(call->description);
}

static void let_go(void *argument) { mem_deref(argument); }

/* Tells the end, once. The call itself goes a moment later: libre may be within its session. */
void call_end(struct call *call, cre_end end, int code, int error, const char *text) {
    if (call->has_ended) return;
    call->has_ended = true;
    tmr_cancel(&call->ringing);
    hash_unlink(&call->by_number);
    media_close(call);
    cre_engine *engine = call->engine;
    engine->count--;
    pthread_mutex_lock(&engine->lock);
    engine->times.calls = engine->count;
    pthread_mutex_unlock(&engine->lock);
    tell(engine, &(cre_event){
        .kind = CRE_ENDED, .call = call->number, .code = code, .error = error, .end = end, .answered = call->was_answered,
        .sent = call->sent, .received = call->received, .text = text,
        .milliseconds = call->was_answered ? (uint32_t)(tmr_jiffies() - call->answered_at) : 0});
    if (engine->is_stopping) mem_deref(call);
    else tmr_start(&call->end, 0, let_go, call);
}

static void ring_ran_out(void *argument) { call_end(argument, CRE_BY_RINGING, 408, 0, NULL); }

/* MARK: - What the session tells */

static void take_description(struct call *call, const struct sip_msg *message, bool offer) {
    if (!message || mbuf_get_left(message->mb) == 0) return;
    if (sdp_decode(call->description, message->mb, offer) == 0) media_begin(call);
}

int call_offered(struct mbuf **description, const struct sip_msg *message, void *argument) {
    struct call *call = argument;
    bool has_offer = mbuf_get_left(message->mb) > 0;
    /* Fax machines' gateways ask for T.38 in the middle of a call. Refused (488), they go on with the audio they have. */
    if (has_offer && call->was_answered && re_regex((const char *)mbuf_buf(message->mb), mbuf_get_left(message->mb), "m=image") == 0)
        return ENOTSUP;
    if (has_offer) take_description(call, message, true);
    return sdp_encode(description, call->description, !has_offer);
}

int call_answered_description(const struct sip_msg *message, void *argument) {
    take_description(argument, message, false);
    return 0;
}

static void progressed(const struct sip_msg *message, void *argument) {
    struct call *call = argument;
    if (call->has_ended) return;
    tell(call->engine, &(cre_event){.kind = CRE_RINGING, .call = call->number, .code = message->scode});
    if (mbuf_get_left(message->mb) > 0 && !call->had_early) {
        call->had_early = true;
        take_description(call, message, false);
        tell(call->engine, &(cre_event){.kind = CRE_EARLY, .call = call->number, .code = message->scode});
    }
}

void call_established(const struct sip_msg *message, void *argument) {
    struct call *call = argument;
    (void)message;
    if (call->has_ended || call->was_answered) return;
    tmr_cancel(&call->ringing);
    call->was_answered = true;
    call->answered_at = call->heard_at = tmr_jiffies();
    /* An answer without audio that both know is no call: nobody would hear anything. */
    if (call->audio_type < 0) {
        call_end(call, CRE_BY_US, 488, 0, "no audio in common");
        return;
    }
    tell(call->engine, &(cre_event){.kind = CRE_ANSWERED, .call = call->number, .code = 200});
}

void call_closed(int error, const struct sip_msg *message, void *argument) {
    char reason[64] = "";
    if (message) (void)pl_strcpy(&message->reason, reason, sizeof reason);
    /* A request is their BYE. */
    int code = message && !message->req ? message->scode : 0;
    const struct call *call = argument;
    /* libre's word for a BYE, which it does not hand over. */
    bool said_bye = call->was_answered && error == ECONNRESET;
    call_end(argument, CRE_BY_THEM, code, message || said_bye ? 0 : error, *reason ? reason : NULL);
}

/* MARK: - Dialling */

int call_open_media(struct call *call) {
    struct sa local;
    enum sip_transp transport = call->engine->transport == CRE_TLS ? SIP_TRANSP_TLS
        : call->engine->transport == CRE_TCP ? SIP_TRANSP_TCP : SIP_TRANSP_UDP;
    int error = sip_transp_laddr(call->engine->sip, &local, transport, NULL);
    return error ? error : media_open(call, &local);
}

/* `sip:…` of a number, at the trunk's own address. */
static int number_address(const cre_engine *engine, char **text, const char *number) {
    char port[8] = "";
    if (engine->port) snprintf(port, sizeof port, ":%u", engine->port);
    bool six = strchr(engine->host, ':') != NULL;
    const char *transport = engine->transport == CRE_TLS ? ";transport=tls" : engine->transport == CRE_TCP ? ";transport=tcp" : "";
    return re_sdprintf(
        text, "sip:%s@%s%s%s%s%s", number, six ? "[" : "", engine->host, six ? "]" : "", port, transport);
}

static int connect_session(struct call *call, const struct command *command, struct mbuf *description) {
    cre_engine *engine = call->engine;
    const char *caller = command->caller ? command->caller : engine->user ? engine->user : "anonymous";
    const char *account = engine->identity == CRE_FROM || !engine->user ? caller : engine->user;
    char *to = NULL, *from = NULL, *identity = NULL;
    int error = number_address(engine, &to, command->number);
    if (!error) error = re_sdprintf(&from, "sip:%s@%s", account, call_domain(engine));
    if (!error && engine->identity != CRE_FROM && command->caller)
        error = re_sdprintf(
            &identity, "%s: <sip:%s@%s>\r\n",
            engine->identity == CRE_ASSERTED ? "P-Asserted-Identity" : "P-Preferred-Identity", command->caller,
            call_domain(engine));
    if (!error)
        error = sipsess_connect(
            &call->session, engine->sessions, to, NULL, from, engine->user ? engine->user : "tocsin", NULL, 0, "application/sdp",
            description, call_authorize, engine, false, call_offered, call_answered_description, progressed, call_established,
            NULL, NULL, call_closed, call, "%s", identity ? identity : "");
    mem_deref(to);
    mem_deref(from);
    mem_deref(identity);
    return error;
}

/* A call that is counted, and found by its number. */
struct call *call_new(cre_engine *engine, uint64_t number) {
    struct call *call = mem_zalloc(sizeof *call, free_call);
    if (!call) return NULL;
    call->engine = engine;
    call->number = number;
    call->audio_type = call->key_type = -1;
    tmr_init(&call->ringing);
    tmr_init(&call->end);
    hash_append(engine->calls, (uint32_t)number, &call->by_number, call);
    engine->count++;
    pthread_mutex_lock(&engine->lock);
    engine->times.calls = engine->count;
    if (engine->count > engine->times.most_calls) engine->times.most_calls = engine->count;
    pthread_mutex_unlock(&engine->lock);
    return call;
}

void call_dial(cre_engine *engine, const struct command *command) {
    int fault = engine->is_stopping ? ESHUTDOWN
        : engine->count >= engine->most_calls ? EUSERS
        : call_find(engine, command->call) ? EEXIST : 0;
    struct call *call = fault ? NULL : call_new(engine, command->call);
    if (!call) {
        tell(engine, &(cre_event){
            .kind = CRE_ENDED, .call = command->call, .error = fault ? fault : ENOMEM, .end = CRE_BY_US});
        return;
    }
    struct mbuf *description = NULL;
    int error = call_open_media(call);
    if (!error) error = sdp_encode(&description, call->description, true);
    if (!error) error = connect_session(call, command, description);
    mem_deref(description);
    if (error) call_end(call, CRE_BY_US, 0, error, NULL);
    else tmr_start(&call->ringing, command->ring, ring_ran_out, call);
}
