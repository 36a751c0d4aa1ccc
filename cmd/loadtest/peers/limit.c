// The bare fan-out: what the kernel wants for it, with next to nothing added.
//
//   cc -O2 -o limit limit.c
//   ./limit PORT ROOMS PLAYERS BYTES write|uring
//
// One thread. Connections are members of rooms in the order in which they come.
// When all are there, each room is ticked 20 times a second, the rooms spread over
// the time of a tick in ten groups: the group's sockets are read once, what was
// there is thrown away, and each is sent the state of its room's tick, a message
// of BYTES bytes that says nothing but that. With "uring" all of a group's reads,
// and then its sends, are one call of the kernel; without it, one each.
//
// It says "ready" when it listens and "no" when the kernel has no io_uring for it;
// on "begin" and "end" from stdin it does as ticks.mjs.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/io_uring.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { RATE = 20, GROUPS = 10, INPUT = 512, RING = 4096, MOST_LATE = 1 << 20 };

static int players_all, *sockets;
static char *inputs; // INPUT bytes for each
static unsigned char *frame;
static int frame_size;

static void fail(const char *what) {
	perror(what);
	exit(1);
}

static int64_t now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

// io_uring without a library: two rings shared with the kernel.
static struct {
	int fd;
	unsigned *sq_tail, *sq_mask, *sq_array, *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
	unsigned queued;
} ring;

static int ring_open(void) {
	struct io_uring_params p = {.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL};
	ring.fd = syscall(SYS_io_uring_setup, RING, &p);
	if (ring.fd < 0) return -1;
	size_t size = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);
	size_t sq = p.sq_off.array + p.sq_entries * sizeof(unsigned);
	if (sq > size) size = sq;
	char *at = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQ_RING);
	ring.sqes = mmap(0, p.sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQES);
	if (!(p.features & IORING_FEAT_SINGLE_MMAP) || at == MAP_FAILED || ring.sqes == MAP_FAILED) return -1;
	ring.sq_tail = (unsigned *)(at + p.sq_off.tail);
	ring.sq_mask = (unsigned *)(at + p.sq_off.ring_mask);
	ring.sq_array = (unsigned *)(at + p.sq_off.array);
	ring.cq_head = (unsigned *)(at + p.cq_off.head);
	ring.cq_tail = (unsigned *)(at + p.cq_off.tail);
	ring.cq_mask = (unsigned *)(at + p.cq_off.ring_mask);
	ring.cqes = (struct io_uring_cqe *)(at + p.cq_off.cqes);
	return 0;
}

// ring_go has the kernel do what was queued, and waits until it is done.
static void ring_go(void) {
	unsigned n = ring.queued;
	if (n == 0) return;
	if (syscall(SYS_io_uring_enter, ring.fd, n, n, IORING_ENTER_GETEVENTS, 0, 0) < 0) fail("io_uring_enter");
	__atomic_store_n(ring.cq_head, __atomic_load_n(ring.cq_tail, __ATOMIC_ACQUIRE), __ATOMIC_RELEASE);
	ring.queued = 0;
}

static void ring_queue(int op, int fd, void *at, unsigned size) {
	unsigned tail = *ring.sq_tail, i = tail & *ring.sq_mask;
	ring.sqes[i] = (struct io_uring_sqe){.opcode = op, .fd = fd, .addr = (uintptr_t)at, .len = size, .msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL};
	ring.sq_array[i] = i;
	__atomic_store_n(ring.sq_tail, tail + 1, __ATOMIC_RELEASE);
	if (++ring.queued == RING) ring_go();
}

// accept_all waits for all members and answers their upgrades.
static void accept_all(int port) {
	int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (bind(listener, (void *)&addr, sizeof addr) || listen(listener, 4096)) fail("listen");
	puts("ready");
	fflush(stdout);
	for (int i = 0; i < players_all; i++) {
		char head[4096], *end = head;
		if ((sockets[i] = accept(listener, 0, 0)) < 0) fail("accept");
		while (end < head + 4 || memcmp(end - 4, "\r\n\r\n", 4)) {
			ssize_t n = read(sockets[i], end, head + sizeof head - end);
			if (n <= 0) fail("handshake");
			end += n;
		}
		setsockopt(sockets[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		dprintf(sockets[i], "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
	}
	close(listener);
}

// say_began tells a member when tick 0 of its room is due.
static void say_began(int fd, int64_t zero) {
	char text[64];
	int n = snprintf(text + 2, sizeof text - 2, "began %lld", (long long)zero);
	text[0] = (char)0x81; // a whole message of text
	text[1] = n;
	if (write(fd, text, n + 2) != n + 2) fail("began");
}

// make_frame is a binary message that begins as our snapshots do: an array, kind
// 17, the tick as four bytes, and then anything.
static unsigned char *make_frame(int bytes) {
	unsigned char *f = calloc(1, bytes + 4), *at = f;
	*at++ = 0x82;
	*at++ = bytes < 126 ? bytes : 126;
	if (bytes >= 126) *at++ = bytes >> 8, *at++ = bytes;
	memcpy(at, "\x93\x11\xce", 3);
	frame_size = at - f + bytes;
	return f;
}

static void set_tick(uint32_t tick) {
	tick = htonl(tick);
	memcpy(frame + (frame[1] == 126 ? 4 : 2) + 3, &tick, 4);
}

static int float_order(const void *a, const void *b) { return (*(float *)a > *(float *)b) - (*(float *)a < *(float *)b); }

static float late[MOST_LATE];
static int lates;

// heed does what stdin says, if it says anything.
static void heed(void) {
	struct pollfd in = {.fd = 0, .events = POLLIN};
	char line[64] = "";
	if (poll(&in, 1, 0) <= 0) return;
	if (!fgets(line, sizeof line, stdin)) exit(0);
	if (!strcmp(line, "begin\n")) lates = 0;
	if (strcmp(line, "end\n")) return;
	qsort(late, lates, sizeof *late, float_order);
	int last = lates - 1;
	if (last < 0) last = 0;
	printf("{\"p50\":%f,\"p99\":%f,\"p999\":%f,\"max\":%f}\n", late[last / 2], late[(int)(last * .99)], late[(int)(last * .999)], late[last]);
	fflush(stdout);
}

// A group is the members from one to before another, whose rooms tick together.
struct group {
	int from, to, epoll;
	int64_t zero;
};

static const int64_t period = 1000000000LL / RATE;

static struct group make_group(int number, int rooms, int players, int64_t zero) {
	struct group g = {
		.from = number * rooms / GROUPS * players,
		.to = (number + 1) * rooms / GROUPS * players,
		.epoll = epoll_create1(0),
		.zero = zero + number * period / GROUPS,
	};
	for (int i = g.from; i < g.to; i++) {
		struct epoll_event e = {.events = EPOLLIN, .data.u32 = i};
		epoll_ctl(g.epoll, EPOLL_CTL_ADD, sockets[i], &e);
		say_began(sockets[i], g.zero);
	}
	return g;
}

static void await(int64_t due) {
	struct timespec t = {due / 1000000000LL, due % 1000000000LL};
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0);
	if (lates < MOST_LATE) late[lates++] = (now() - due) / 1e6;
}

// tick_plain reads those sockets that have something, and writes to all.
static void tick_plain(struct group *g) {
	static struct epoll_event events[RING];
	int n = epoll_wait(g->epoll, events, RING, 0);
	for (int i = 0; i < n; i++) {
		int at = events[i].data.u32;
		if (recv(sockets[at], inputs + (size_t)at * INPUT, INPUT, MSG_DONTWAIT) == 0) epoll_ctl(g->epoll, EPOLL_CTL_DEL, sockets[at], 0); // it is gone
	}
	for (int i = g->from; i < g->to; i++) send(sockets[i], frame, frame_size, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void tick_uring(struct group *g) {
	for (int i = g->from; i < g->to; i++) ring_queue(IORING_OP_RECV, sockets[i], inputs + (size_t)i * INPUT, INPUT);
	ring_go();
	for (int i = g->from; i < g->to; i++) ring_queue(IORING_OP_SEND, sockets[i], frame, frame_size);
	ring_go();
}

int main(int count, char **args) {
	if (count != 6) return fputs("limit PORT ROOMS PLAYERS BYTES write|uring\n", stderr), 2;
	int rooms = atoi(args[2]), players = atoi(args[3]), uring = !strcmp(args[5], "uring");
	if (uring && ring_open()) return puts("no"), 0;
	setvbuf(stdin, 0, _IONBF, 0);
	players_all = rooms * players;
	sockets = calloc(players_all, sizeof *sockets);
	inputs = calloc(players_all, INPUT);
	frame = make_frame(atoi(args[4]));
	accept_all(atoi(args[1]));

	struct group groups[GROUPS];
	int64_t zero = now();
	for (int i = 0; i < GROUPS; i++) groups[i] = make_group(i, rooms, players, zero);
	for (uint32_t tick = 1;; tick++) {
		set_tick(tick);
		for (int i = 0; i < GROUPS; i++) {
			await(groups[i].zero + tick * period);
			(uring ? tick_uring : tick_plain)(&groups[i]);
		}
		heed();
	}
}
