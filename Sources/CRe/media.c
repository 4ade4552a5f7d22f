/* Audio: one tick for all calls, pieces of A-law sent as they are, keys as events or as tones. */
#include "internal.h"

#include <errno.h>
#include <string.h>

/* A gap in the audio of a called person: nobody can hear us any more. Telephones that send nothing while silent are told
 * by never having sent any. */
enum { LONGEST_GAP = 30000 };

/* MARK: - Opening and closing */

static void received(const struct sa *source, const struct rtp_header *header, struct mbuf *payload, void *argument);

int media_open(struct call *call, const struct sa *local) {
    cre_engine *engine = call->engine;
    int error = rtp_listen(
        &call->rtp, IPPROTO_UDP, local, engine->rtp_first, engine->rtp_last, false, received, NULL, call);
    if (!error) error = sdp_session_alloc(&call->description, local);
    if (!error)
        error = sdp_media_add(
            &call->media, call->description, "audio", sa_port(rtp_local(call->rtp)), sdp_proto_rtpavp);
    if (!error) error = sdp_format_add(NULL, call->media, false, "8", "PCMA", 8000, 1, NULL, NULL, NULL, false, NULL);
    if (!error) error = sdp_format_add(NULL, call->media, false, "0", "PCMU", 8000, 1, NULL, NULL, NULL, false, NULL);
    if (!error)
        error = sdp_format_add(
            NULL, call->media, false, "101", telev_rtpfmt, TELEV_SRATE, 1, NULL, NULL, NULL, false, "0-15");
    if (!error) error = sdp_media_set_lattr(call->media, true, "ptime", "%d", TICK);
    call->packet = error ? NULL : mbuf_alloc(RTP_HEADER_SIZE + SAMPLES);
    if (!error && !call->packet) error = ENOMEM;
    return error;
}

void media_drop_pieces(struct call *call) {
    for (size_t i = 0; i < call->piece_count; i++) cre_audio_free(call->pieces[i]);
    call->piece_count = call->piece = call->offset = 0;
    call->is_playing = false;
}

void media_close(struct call *call) {
    list_unlink(&call->talking);
    media_drop_pieces(call);
    bridge_close(call);
    call->kept = mem_deref(call->kept);
    call->rtp = mem_deref(call->rtp);
    call->ear = mem_deref(call->ear);
    call->packet = mem_deref(call->packet);
}

/* What both agreed on, after an offer or an answer; again after each change. */
void media_begin(struct call *call) {
    if (!call->rtp) return;
    const struct sdp_format *format = sdp_media_rformat(call->media, NULL);
    bool is_audio = format && (str_casecmp(format->name, "PCMA") == 0 || str_casecmp(format->name, "PCMU") == 0);
    list_unlink(&call->talking);
    call->audio_type = -1;
    if (!is_audio || sdp_media_rport(call->media) == 0) return;
    call->audio_type = format->pt;
    call->is_ulaw = str_casecmp(format->name, "PCMU") == 0;
    const struct sdp_format *keys = sdp_media_rformat(call->media, telev_rtpfmt);
    call->key_type = keys ? keys->pt : -1;
    sa_cpy(&call->peer, sdp_media_raddr(call->media));
    /* On hold they want nothing; otherwise they also get silence, which keeps the way open. */
    if ((sdp_media_rdir(call->media) & SDP_RECVONLY) && sa_isset(&call->peer, SA_ALL)) {
        call->marks = true;
        list_append(&call->engine->talking, &call->talking, call);
    }
}

/* MARK: - Keys */

static void key_heard(char key, void *argument) {
    struct call *call = argument;
    if (call->signals_keys || !call->was_answered || call->has_ended) return;
    tell(call->engine, &(cre_event){.kind = CRE_KEY, .call = call->number, .code = key, .error = 1});
}

/* RFC 4733: all packets of one press have one timestamp. The first that comes tells the key, since any of them may be lost, the
 * last ones too. */
static void key_signalled(struct call *call, const struct rtp_header *header, struct mbuf *payload) {
    static const char keys[] = "0123456789*#ABCD";
    if (mbuf_get_left(payload) < 4) return;
    uint8_t event = mbuf_buf(payload)[0];
    if (event >= sizeof keys - 1 || (call->signals_keys && header->ts == call->key_at && event == call->key)) return;
    call->signals_keys = true;
    call->key_at = header->ts;
    call->key = event;
    if (call->was_answered)
        tell(call->engine, &(cre_event){.kind = CRE_KEY, .call = call->number, .code = keys[event]});
}

static void listen_for_tones(struct call *call, const struct mbuf *payload) {
    if (call->signals_keys || !call->was_answered) return;
    if (!call->ear && dtmf_dec_alloc(&call->ear, 8000, 1, key_heard, call) != 0) return;
    int16_t samples[SAMPLES * 3];
    const uint8_t *bytes = mbuf_buf(payload);
    size_t count = mbuf_get_left(payload);
    if (count > SAMPLES * 3) count = SAMPLES * 3;
    for (size_t i = 0; i < count; i++)
        samples[i] = call->is_ulaw ? g711_ulaw2pcm(bytes[i]) : g711_alaw2pcm(bytes[i]);
    dtmf_dec_probe(call->ear, samples, count);
}

static void received(const struct sa *source, const struct rtp_header *header, struct mbuf *payload, void *argument) {
    struct call *call = argument;
    /* Anybody can send to a port: a key must come from where the call's description says. */
    if (call->has_ended || call->audio_type < 0 || !sa_cmp(source, &call->peer, SA_ADDR)) return;
    call->received++;
    call->heard_at = tmr_jiffies();
    if (call->key_type >= 0 && (header->pt == call->key_type || header->pt == KEYS)) key_signalled(call, header, payload);
    else if (header->pt == call->audio_type && call->bridge) bridge_take(call, header->seq, mbuf_buf(payload), mbuf_get_left(payload));
    else if (header->pt == call->audio_type) {
        listen_for_tones(call, payload);
        if (call->kept) keep_take(call, mbuf_buf(payload), mbuf_get_left(payload));
        for (size_t at = 0; call->listens && call->was_answered && mbuf_get_left(payload) >= at + SAMPLES; at += SAMPLES)
            listen_frame(call, mbuf_buf(payload) + at);
    }
}

/* MARK: - Playing */

void call_play(struct call *call, const struct command *command) {
    if (call->has_ended) return;
    media_drop_pieces(call);
    for (size_t i = 0; i < command->count; i++) {
        atomic_fetch_add(&command->pieces[i]->holders, 1);
        call->pieces[i] = command->pieces[i];
    }
    call->piece_count = command->count;
    call->tag = command->tag;
    call->is_playing = call->marks = true;
}

/* The next 20 ms: of the pieces as they follow each other without a gap, then silence. */
static void fill(struct call *call, uint8_t *frame) {
    size_t filled = 0;
    while (filled < SAMPLES && call->piece < call->piece_count) {
        const cre_audio *piece = call->pieces[call->piece];
        size_t left = piece->count - call->offset, wanted = SAMPLES - filled;
        size_t taken = left < wanted ? left : wanted;
        memcpy(frame + filled, piece->alaw + call->offset, taken);
        filled += taken;
        call->offset += taken;
        if (call->offset == piece->count) {
            call->piece++;
            call->offset = 0;
        }
    }
    memset(frame + filled, SILENCE, SAMPLES - filled);
}

static void send_frame(struct call *call) {
    uint8_t frame[SAMPLES];
    /* Early media are theirs: what we say is for whoever answers. */
    if (call->was_answered && call->bridge) bridge_turn(call, frame);
    else if (call->was_answered) fill(call, frame);
    else memset(frame, SILENCE, SAMPLES);
    if (call->listens && call->was_answered) cre_listener_say(&call->listener, frame);
    if (call->is_ulaw)
        for (size_t i = 0; i < SAMPLES; i++) frame[i] = g711_pcm2ulaw(g711_alaw2pcm(frame[i]));
    /* rtp_send writes the header before the position. */
    call->packet->pos = call->packet->end = RTP_HEADER_SIZE;
    (void)mbuf_write_mem(call->packet, frame, SAMPLES);
    mbuf_set_pos(call->packet, RTP_HEADER_SIZE);
    if (rtp_send(call->rtp, &call->peer, false, call->marks, (uint8_t)call->audio_type, call->timestamp, call->packet) == 0)
        call->sent++;
    call->marks = false;
    call->timestamp += SAMPLES;
}

/* MARK: - The tick */

static void send_all(cre_engine *engine, uint64_t now) {
    struct le *element = engine->talking.head;
    while (element) {
        struct call *call = element->data;
        element = element->next;
        send_frame(call);
        if (call->is_playing && call->was_answered && call->piece == call->piece_count) {
            call->is_playing = false;
            tell(engine, &(cre_event){.kind = CRE_PLAYED, .call = call->number, .tag = call->tag});
        }
        if (call->listens && call->was_answered && now - call->heard_at > 3 * TICK) listen_frame(call, NULL);
        if (call->was_answered && call->received > 0 && now - call->heard_at > LONGEST_GAP)
            call_end(call, CRE_BY_SILENCE, 0, 0, NULL);
    }
}

static void tick(void *argument) {
    cre_engine *engine = argument;
    uint64_t now = tmr_jiffies();
    uint64_t late = now - engine->next_tick;
    pthread_mutex_lock(&engine->lock);
    engine->times.ticks++;
    if (late > 10) engine->times.late++;
    if (late * 1000 > engine->times.worst_microseconds) engine->times.worst_microseconds = (uint32_t)(late * 1000);
    pthread_mutex_unlock(&engine->lock);
    /* A late tick sends what it missed at once, up to a tenth of a second: a telephone's buffer takes that, and the message
     * ends when it should. */
    for (int i = 0; i < 5 && engine->next_tick <= now; i++) {
        send_all(engine, now);
        engine->next_tick += TICK;
    }
    if (engine->next_tick <= now) engine->next_tick = now + TICK;
    now = tmr_jiffies();
    tmr_start(&engine->tick, engine->next_tick > now ? engine->next_tick - now : 0, tick, engine);
}

void media_start_ticking(cre_engine *engine) {
    engine->next_tick = tmr_jiffies() + TICK;
    tmr_start(&engine->tick, TICK, tick, engine);
}
