/* The thread, its loop, and what other threads ask of it. */
#include "internal.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int library_fault;

static void init_library(void) {
    library_fault = libre_init();
}

void tell(cre_engine *engine, const cre_event *event) {
    engine->handler(engine->context, event);
}

static char *copy(const char *text) {
    return text && *text ? strdup(text) : NULL;
}

static void free_engine(cre_engine *engine) {
    free(engine->local);
    free(engine->host);
    free(engine->certificates);
    free(engine->domain);
    free(engine->user);
    if (engine->password) explicit_bzero(engine->password, strlen(engine->password));
    free(engine->password);
    free(engine->agent);
    free(engine->callers);
    pthread_mutex_destroy(&engine->lock);
    free(engine);
}

static void free_command(struct command *command) {
    free(command->number);
    free(command->caller);
    for (size_t i = 0; i < command->count; i++) cre_audio_free(command->pieces[i]);
    if (command->to >= 0) close(command->to);
    if (command->from >= 0) close(command->from);
    free(command);
}

/* MARK: - Audio */

cre_audio *cre_audio_new(const uint8_t *alaw, size_t count) {
    cre_audio *audio = malloc(sizeof *audio + count);
    if (!audio) return NULL;
    atomic_init(&audio->holders, 1);
    audio->count = count;
    memcpy(audio->alaw, alaw, count);
    return audio;
}

void cre_audio_free(cre_audio *audio) {
    if (audio && atomic_fetch_sub(&audio->holders, 1) == 1) free(audio);
}

/* MARK: - Commands */

/* The pipe is a bell, not the queue: it holds few, and one ring is enough for all that waits. */
static void ask(cre_engine *engine, struct command *command) {
    pthread_mutex_lock(&engine->lock);
    if (engine->last) engine->last->next = command;
    else engine->first = command;
    engine->last = command;
    bool rings = !engine->is_awake && engine->wake;
    if (rings) engine->is_awake = true;
    if (rings && mqueue_push(engine->wake, 0, NULL)) engine->is_awake = false;
    pthread_mutex_unlock(&engine->lock);
}

static struct command *command_new(enum command_kind kind, uint64_t call) {
    struct command *command = calloc(1, sizeof *command);
    if (!command) abort(); /* Nothing is left to go on with, and a call that is silently not made is worse. */
    command->kind = kind;
    command->call = call;
    command->to = command->from = -1;
    return command;
}

void cre_dial(cre_engine *engine, uint64_t call, const char *number, const char *caller, uint32_t ring_milliseconds) {
    struct command *command = command_new(DIAL, call);
    command->number = strdup(number);
    command->caller = caller ? strdup(caller) : NULL;
    command->ring = ring_milliseconds;
    ask(engine, command);
}

void cre_play(cre_engine *engine, uint64_t call, cre_audio *const pieces[], size_t count, uint64_t tag) {
    struct command *command = command_new(PLAY, call);
    command->count = count < MOST_PIECES ? count : MOST_PIECES;
    for (size_t i = 0; i < command->count; i++) {
        atomic_fetch_add(&pieces[i]->holders, 1);
        command->pieces[i] = pieces[i];
    }
    command->tag = tag;
    ask(engine, command);
}

void cre_answer(cre_engine *engine, uint64_t call) { ask(engine, command_new(ANSWER, call)); }

void cre_listen(cre_engine *engine, uint64_t call, bool listens) {
    struct command *command = command_new(LISTEN, call);
    command->tag = listens;
    ask(engine, command);
}

void cre_keep(cre_engine *engine, uint64_t call, bool keeps) {
    struct command *command = command_new(KEEP, call);
    command->tag = keeps;
    ask(engine, command);
}

void cre_bridge(cre_engine *engine, uint64_t call, int to, int from) {
    struct command *command = command_new(BRIDGE, call);
    command->to = to;
    command->from = from;
    ask(engine, command);
}

void cre_hangup(cre_engine *engine, uint64_t call) { ask(engine, command_new(HANGUP, call)); }

void cre_probe(cre_engine *engine) { ask(engine, command_new(PROBE, 0)); }

cre_ticks cre_timekeeping(cre_engine *engine) {
    pthread_mutex_lock(&engine->lock);
    cre_ticks times = engine->times;
    pthread_mutex_unlock(&engine->lock);
    return times;
}

/* MARK: - OPTIONS */

struct probe {
    cre_engine *engine;
    struct sip_dialog *dialog;
    struct sip_request *request;
    struct sip_auth *auth;
};

static void probe_free(void *memory) {
    struct probe *probe = memory;
    mem_deref(probe->dialog);
    mem_deref(probe->auth);
}

static int probe_send(struct probe *probe);

static void probe_answered(int error, const struct sip_msg *message, void *argument) {
    struct probe *probe = argument;
    probe->request = NULL;
    incoming_trust(probe->engine, message);
    if (!error && message && message->scode < 200) return;
    /* Asked for a password it is there; but whether it takes ours is what decides about a call. */
    if (!error && message && (message->scode == 401 || message->scode == 407) && probe->auth
        && sip_auth_authenticate(probe->auth, message) == 0 && probe_send(probe) == 0)
        return;
    tell(probe->engine, &(cre_event){.kind = CRE_PROBED, .code = !error && message ? message->scode : 0, .error = error});
    mem_deref(probe);
}

static int probe_send(struct probe *probe) {
    return sip_drequestf(
        &probe->request, probe->engine->sip, true, "OPTIONS", probe->dialog, 0, probe->auth, NULL, probe_answered, probe,
        "Accept: application/sdp\r\nContent-Length: 0\r\n\r\n");
}

static const char *transport_word(const cre_engine *engine) {
    return engine->transport == CRE_TLS ? "tls" : engine->transport == CRE_TCP ? "tcp" : "udp";
}

/* `sip:user@host:port;transport=…`, of the trunk. */
static int trunk_address(const cre_engine *engine, char **text, const char *user) {
    bool six = strchr(engine->host, ':') != NULL;
    char port[8] = "";
    if (engine->port) snprintf(port, sizeof port, ":%u", engine->port);
    return re_sdprintf(
        text, "sip:%s%s%s%s%s%s;transport=%s", user ? user : "", user ? "@" : "", six ? "[" : "", engine->host, six ? "]" : "",
        port, transport_word(engine));
}

static void probe(cre_engine *engine) {
    struct probe *probe = mem_zalloc(sizeof *probe, probe_free);
    char *to = NULL, *from = NULL;
    int error = probe ? 0 : ENOMEM;
    if (!error) probe->engine = engine;
    if (!error) error = trunk_address(engine, &to, NULL);
    if (!error) error = re_sdprintf(&from, "sip:%s@%s", engine->user ? engine->user : "tocsin", call_domain(engine));
    if (!error) error = sip_dialog_alloc(&probe->dialog, to, to, NULL, from, NULL, 0);
    if (!error && engine->user) error = sip_auth_alloc(&probe->auth, call_authorize, engine, false);
    if (!error) error = probe_send(probe);
    mem_deref(to);
    mem_deref(from);
    if (error) {
        mem_deref(probe);
        tell(engine, &(cre_event){.kind = CRE_PROBED, .error = error});
    }
}

/* MARK: - The thread */

static void registered(int error, const struct sip_msg *message, void *argument) {
    cre_engine *engine = argument;
    incoming_trust(engine, message);
    tell(engine, &(cre_event){.kind = CRE_REGISTERED, .code = message ? message->scode : 0, .error = error});
}

static int begin_registration(cre_engine *engine) {
    char *registrar = NULL, *account = NULL;
    int error = trunk_address(engine, &registrar, NULL);
    if (!error) error = re_sdprintf(&account, "sip:%s@%s", engine->user, call_domain(engine));
    if (!error)
        error = sipreg_register(
            &engine->registration, engine->sip, registrar, account, NULL, account, engine->register_seconds, engine->user, NULL, 0,
            0, call_authorize, engine, false, registered, engine, NULL, NULL);
    mem_deref(registrar);
    mem_deref(account);
    return error;
}

static void finish(void *argument) {
    (void)argument;
    re_cancel();
}

static void sip_closed(void *argument) {
    cre_engine *engine = argument;
    engine->has_closed = true;
    re_cancel();
}

static bool end_one(struct le *element, void *argument) {
    (void)argument;
    call_end(element->data, CRE_BY_US, 0, 0, NULL);
    return false;
}

/* All calls are told at once; who does not answer that in two seconds is left. */
static void stop(cre_engine *engine) {
    if (engine->is_stopping) return;
    engine->is_stopping = true;
    hash_apply(engine->calls, end_one, NULL);
    engine->registration = mem_deref(engine->registration);
    tmr_start(&engine->last_moment, 2000, finish, NULL);
    sip_close(engine->sip, false);
}

static void obey(int id, void *data, void *argument) {
    (void)id;
    (void)data;
    cre_engine *engine = argument;
    pthread_mutex_lock(&engine->lock);
    struct command *command = engine->first;
    engine->first = engine->last = NULL;
    engine->is_awake = false;
    pthread_mutex_unlock(&engine->lock);
    while (command) {
        struct command *next = command->next;
        struct call *call = call_find(engine, command->call);
        switch (command->kind) {
        case DIAL: call_dial(engine, command); break;
        case ANSWER: if (call) incoming_answer(call); break;
        case PLAY: if (call) call_play(call, command); break;
        case LISTEN: if (call) call->listens = command->tag != 0; break;
        case KEEP:
            if (call && command->tag) keep_begin(call);
            else if (call) keep_end(call);
            break;
        case BRIDGE: if (call) bridge_open(call, command); break;
        case HANGUP: if (call) call_end(call, CRE_BY_US, 0, 0, NULL); break;
        case PROBE: probe(engine); break;
        case STOP: stop(engine); break;
        }
        free_command(command);
        command = next;
    }
}

static bool answer_request(const struct sip_msg *message, void *argument) {
    cre_engine *engine = argument;
    if (pl_strcmp(&message->met, "OPTIONS") != 0) return false;
    (void)sip_treplyf(
        NULL, NULL, engine->sip, message, false, 200, "OK", "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\nContent-Length: 0\r\n\r\n");
    return true;
}

static int name_servers(struct dnsc **names) {
    struct sa servers[8];
    uint32_t count = 8;
    /* Without any, numeric addresses still work. */
    if (dns_srv_get(NULL, 0, servers, &count) || count == 0) return 0;
    return dnsc_alloc(names, NULL, servers, count);
}

static int local_address(const cre_engine *engine, struct sa *local) {
    if (engine->local) return sa_set_str(local, engine->local, engine->local_port);
    struct sa there;
    if (sa_set_str(&there, engine->host, 0) == 0 && sa_is_loopback(&there)) {
        sa_cpy(local, &there);
    } else {
        int error = net_default_source_addr_get(sa_af(&there) == AF_INET6 ? AF_INET6 : AF_INET, local);
        if (error) return error;
    }
    sa_set_port(local, engine->local_port);
    return 0;
}

/* Each call holds a descriptor, and libre takes none whose number is above what it was told: the whole process counts, not the trunk
 * alone. */
static int allow_descriptors(cre_engine *engine) {
    enum { MOST = 262144, OTHERS = 256 };
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return errno;
    rlim_t wanted = limit.rlim_max < MOST ? limit.rlim_max : MOST;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return errno;
    }
    if (limit.rlim_cur < (rlim_t)engine->most_calls + OTHERS) return EMFILE;
    return fd_setsize((int)(limit.rlim_cur < MOST ? limit.rlim_cur : MOST));
}

/* libre's SIP connections check nobody's certificate by themselves: whoever stood in the way could take the account's password and
 * every number that is called. */
static int check_certificates(cre_engine *engine) {
    SSL_CTX *context = (SSL_CTX *)tls_openssl_context(engine->tls);
    X509_VERIFY_PARAM *check = context ? SSL_CTX_get0_param(context) : NULL;
    if (!check) return ENOSYS;
    bool has_authorities = engine->certificates ? SSL_CTX_load_verify_locations(context, engine->certificates, NULL) == 1
                                                : SSL_CTX_set_default_verify_paths(context) == 1;
    if (!has_authorities) return ENOENT;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    X509_VERIFY_PARAM_set_hostflags(check, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    bool is_named = X509_VERIFY_PARAM_set1_ip_asc(check, engine->host) == 1 || X509_VERIFY_PARAM_set1_host(check, engine->host, 0) == 1;
    return is_named ? 0 : EINVAL;
}

static int open_engine(cre_engine *engine, const char **step) {
    struct sa local;
    int error;
#define STEP(words, call) \
    if (*step = words, (error = (call)) != 0) return error
    /* In this order: what polls is laid out for as many as were allowed when it was chosen. */
    STEP("open files (ulimit -n)", allow_descriptors(engine));
    STEP("polling", poll_method_set(poll_method_best()));
    STEP("local address", local_address(engine, &local));
    STEP("name servers", name_servers(&engine->names));
    STEP("calls", hash_alloc(&engine->calls, hash_valid_size(engine->most_calls)));
    STEP("SIP", sip_alloc(&engine->sip, engine->names, 2048, 2048, 64, engine->agent, sip_closed, engine));
    if (engine->transport == CRE_TLS) {
        STEP("TLS", tls_alloc(&engine->tls, TLS_METHOD_SSLV23, NULL, NULL));
        STEP("certificates", check_certificates(engine));
        STEP("listening", sip_transp_add(engine->sip, SIP_TRANSP_TLS, &local, engine->tls));
    } else {
        STEP("listening",
             sip_transp_add(engine->sip, engine->transport == CRE_TCP ? SIP_TRANSP_TCP : SIP_TRANSP_UDP, &local));
    }
    STEP("requests", sip_listen(NULL, engine->sip, true, answer_request, engine));
    STEP("sessions", sipsess_listen(&engine->sessions, engine->sip, 2048, incoming_call, engine));
    incoming_begin(engine);
    struct mqueue *wake = NULL;
    STEP("commands", mqueue_alloc(&wake, obey, engine));
#undef STEP
    pthread_mutex_lock(&engine->lock);
    engine->wake = wake;
    /* What was asked before there was a bell. */
    if (engine->first && mqueue_push(wake, 0, NULL) == 0) engine->is_awake = true;
    pthread_mutex_unlock(&engine->lock);
    return 0;
}

static void close_engine(cre_engine *engine) {
    tmr_cancel(&engine->tick);
    tmr_cancel(&engine->last_moment);
    if (engine->calls) {
        hash_apply(engine->calls, end_one, NULL);
        hash_flush(engine->calls);
    }
    engine->registration = mem_deref(engine->registration);
    engine->sessions = mem_deref(engine->sessions);
    if (engine->sip) sip_close(engine->sip, true);
    engine->sip = mem_deref(engine->sip);
    engine->names = mem_deref(engine->names);
    engine->tls = mem_deref(engine->tls);
    pthread_mutex_lock(&engine->lock);
    struct mqueue *wake = engine->wake;
    engine->wake = NULL;
    pthread_mutex_unlock(&engine->lock);
    mem_deref(wake);
    engine->calls = mem_deref(engine->calls);
}

static void *run(void *argument) {
    cre_engine *engine = argument;
    const char *step = "library";
    pthread_once(&once, init_library);
    int error = library_fault;
    bool has_loop = false;
    if (!error) {
        error = re_thread_init();
        has_loop = !error;
    }
    if (!error) error = open_engine(engine, &step);
    tell(engine, &(cre_event){.kind = CRE_STARTED, .error = error, .text = error ? step : NULL});
    if (!error && engine->registers) {
        int fault = begin_registration(engine);
        if (fault) tell(engine, &(cre_event){.kind = CRE_REGISTERED, .error = fault});
    }
    if (!error) {
        media_start_ticking(engine);
        (void)re_main(NULL);
    }
    if (has_loop) {
        close_engine(engine);
        re_thread_close();
    }
    /* Whoever dialled while it ended is told. */
    pthread_mutex_lock(&engine->lock);
    struct command *command = engine->first;
    engine->first = engine->last = NULL;
    pthread_mutex_unlock(&engine->lock);
    while (command) {
        struct command *next = command->next;
        if (command->kind == DIAL)
            tell(engine, &(cre_event){.kind = CRE_ENDED, .call = command->call, .error = ESHUTDOWN, .end = CRE_BY_US});
        free_command(command);
        command = next;
    }
    tell(engine, &(cre_event){.kind = CRE_STOPPED});
    return NULL;
}

cre_engine *cre_start(const cre_settings *settings, cre_handler handler, void *context) {
    cre_engine *engine = calloc(1, sizeof *engine);
    if (!engine) return NULL;
    engine->handler = handler;
    engine->context = context;
    engine->local = copy(settings->local);
    engine->host = copy(settings->host);
    engine->certificates = copy(settings->certificates);
    engine->domain = copy(settings->domain);
    engine->user = copy(settings->user);
    engine->password = copy(settings->password);
    engine->agent = copy(settings->agent);
    engine->callers = copy(settings->callers);
    engine->takes_calls = settings->takes_calls;
    engine->local_port = settings->local_port;
    engine->port = settings->port;
    engine->transport = settings->transport;
    engine->identity = settings->identity;
    engine->registers = settings->registers && settings->user;
    engine->register_seconds = settings->register_seconds;
    engine->rtp_first = settings->rtp_first;
    engine->rtp_last = settings->rtp_last;
    engine->most_calls = settings->most_calls;
    pthread_mutex_init(&engine->lock, NULL);
    if (!engine->host || pthread_create(&engine->thread, NULL, run, engine) != 0) {
        free_engine(engine);
        return NULL;
    }
    return engine;
}

void cre_stop(cre_engine *engine) {
    ask(engine, command_new(STOP, 0));
    pthread_join(engine->thread, NULL);
    struct command *command = engine->first;
    while (command) {
        struct command *next = command->next;
        free_command(command);
        command = next;
    }
    free_engine(engine);
}
