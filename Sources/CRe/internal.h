#ifndef CRE_INTERNAL_H
#define CRE_INTERNAL_H

#include "CRe.h"

#include <pthread.h>
#include <stdatomic.h>

#include <re.h>
#include <rem.h>

enum {
    SAMPLES = 160,        /* of 20 ms */
    TICK = 20,            /* ms */
    MOST_PIECES = 16,     /* one after another */
    PCMU = 0, PCMA = 8, KEYS = 101, /* payload types that we offer */
    SILENCE = 0xd5,       /* A-law */
    MOST_KEPT = 180 * 8000, /* three minutes */
    BRIDGE_FRAMES = 25,   /* half a second */
    MOST_SOURCES = 32     /* addresses that a trunk calls from */
};

struct cre_sound_data {
    atomic_int holders;
    size_t count;
    uint8_t alaw[];
};

enum command_kind { DIAL, ANSWER, PLAY, LISTEN, KEEP, BRIDGE, HANGUP, PROBE, STOP };

struct command {
    struct command *next;
    enum command_kind kind;
    uint64_t call, tag;
    uint32_t ring;
    char *number, *caller;
    size_t count;
    cre_audio *pieces[MOST_PIECES];
    int to, from; /* of a bridge; -1 once taken */
};

struct cre_engine {
    pthread_t thread;
    cre_handler handler;
    void *context;

    /* The settings, in memory of the engine's own. */
    char *local, *host, *certificates, *domain, *user, *password, *agent, *callers;
    uint16_t local_port, port, rtp_first, rtp_last;
    cre_transport transport;
    cre_identity identity;
    bool registers, takes_calls;
    uint32_t register_seconds, most_calls;

    /* What other threads ask for. */
    pthread_mutex_t lock;
    struct command *first, *last;
    bool is_awake;
    struct mqueue *wake;
    cre_ticks times; /* under the lock */

    /* The thread's own. */
    struct sip *sip;
    struct sipsess_sock *sessions;
    struct sipreg *registration;
    struct dnsc *names;
    struct tls *tls;
    struct hash *calls;
    struct list talking;
    uint32_t count;
    struct tmr tick;
    uint64_t next_tick; /* ms of the loop's clock */
    uint64_t last_incoming;
    struct sa sources[MOST_SOURCES]; /* where the trunk's own calls come from */
    size_t source_count;
    bool is_stopping, has_closed;
    struct tmr last_moment;
};

/* Audio that another process hears and says. */
struct bridge {
    int to, from;
    bool has_sequence;
    uint16_t next_sequence;
    int count; /* of frames since the last tick */
    uint8_t frames[BRIDGE_FRAMES * SAMPLES];
};

struct call {
    struct le by_number; /* of engine->calls */
    struct le talking;   /* of engine->talking */
    cre_engine *engine;
    uint64_t number;
    struct sipsess *session;
    struct sdp_session *description;
    struct sdp_media *media;
    struct rtp_sock *rtp;
    struct dtmf_dec *ear;
    struct tmr ringing;
    struct tmr end;
    struct mbuf *packet;
    struct sa peer;      /* where audio goes */
    int audio_type;      /* the payload type agreed: PCMA or PCMU as the peer numbers them; -1 before */
    bool is_ulaw;
    int key_type;        /* of telephone-event in what comes; -1 for none */
    bool signals_keys;   /* some came signalled: what is heard is not believed any more */
    uint32_t key_at;     /* the timestamp of the last */
    uint8_t key;
    bool was_answered, has_ended, had_early;
    bool is_incoming, has_offer;
    uint64_t answered_at, heard_at;
    uint32_t timestamp, sent, received;
    cre_audio *pieces[MOST_PIECES];
    size_t piece_count, piece, offset;
    uint64_t tag;
    bool is_playing, marks;
    bool listens;
    cre_listener listener;
    struct bridge *bridge; /* NULL for most */
    struct mbuf *kept;     /* what is heard, where it is kept; NULL for most */
};

void tell(cre_engine *engine, const cre_event *event);
struct call *call_find(cre_engine *engine, uint64_t number);
struct call *call_new(cre_engine *engine, uint64_t number);
void call_dial(cre_engine *engine, const struct command *command);
void call_established(const struct sip_msg *message, void *call);
void call_closed(int error, const struct sip_msg *message, void *call);
int call_offered(struct mbuf **description, const struct sip_msg *message, void *call);
int call_answered_description(const struct sip_msg *message, void *call);
int call_open_media(struct call *call);
void call_play(struct call *call, const struct command *command);
void call_end(struct call *call, cre_end end, int code, int error, const char *text);
int call_authorize(char **user, char **password, const char *realm, void *engine);
const char *call_domain(const cre_engine *engine);

/* incoming.c */
void incoming_begin(cre_engine *engine);
void incoming_trust(cre_engine *engine, const struct sip_msg *answer);
void incoming_call(const struct sip_msg *message, void *engine);
void incoming_answer(struct call *call);

/* A byte of the call's audio as A-law. */
static inline uint8_t alaw_of(const struct call *call, uint8_t byte) {
    return call->is_ulaw ? g711_pcm2alaw(g711_ulaw2pcm(byte)) : byte;
}

/* keep.c */
void keep_begin(struct call *call);
void keep_take(struct call *call, const uint8_t *payload, size_t count);
void keep_end(struct call *call);

/* bridge.c */
void bridge_open(struct call *call, struct command *command);
void bridge_close(struct call *call);
void bridge_take(struct call *call, uint16_t sequence, const uint8_t *payload, size_t count);
void bridge_turn(struct call *call, uint8_t *frame);

/* listen.c */
void listen_frame(struct call *call, const uint8_t *payload);

int media_open(struct call *call, const struct sa *local);
void media_begin(struct call *call);
void media_close(struct call *call);
void media_drop_pieces(struct call *call);
void media_start_ticking(cre_engine *engine);

#endif
