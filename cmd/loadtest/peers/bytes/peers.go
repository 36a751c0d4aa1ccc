package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
)

// peer is one server and its clients.
type peer struct {
	name string
	kind kind
	// serve starts the server, which runs as long as the context.
	serve func(context.Context) (addr string, err error)
	// play has the members join at addr, calls joined, and has them do their job.
	play func(ctx context.Context, addr, job string, seconds int, joined func()) error
}

// folder is where the peers' programs are, seen from the module's root.
const folder = "cmd/loadtest/peers"

func all(ctx context.Context, dir string, programs *sync.WaitGroup) ([]peer, error) {
	start := starter(programs)
	ours, err := buildTickroom(ctx, dir, start)
	if err != nil {
		return nil, err
	}
	return []peer{
		node(start, "raw WebSocket, JSON (`ws` 8.23)", "ws", rawKind, "server-ws.mjs"),
		node(start, "Socket.IO 4.8", "socketio", socketioKind, "server-socketio.mjs"),
		node(start, "Socket.IO 4.8, recovering and acknowledged", "socketio-recover", socketioKind, "server-socketio.mjs", "recover"),
		node(start, "Colyseus 0.18", "colyseus", colyseusKind, "server-colyseus.mjs"),
		ours,
	}, nil
}

// node is a peer whose server and clients are programs of Node.
func node(start starts, name, client string, k kind, server string, options ...string) peer {
	return peer{
		name: name, kind: k,
		serve: func(ctx context.Context) (string, error) {
			port, err := freePort()
			if err != nil {
				return "", err
			}
			said, err := start(ctx, append([]string{"node", server, port}, options...)...)
			if err != nil {
				return "", err
			}
			return "127.0.0.1:" + port, said.until(ctx, "ready")
		},
		play: func(ctx context.Context, addr, job string, seconds int, joined func()) error {
			_, port, err := net.SplitHostPort(addr)
			if err != nil {
				return err
			}
			said, err := start(ctx, "node", "client.mjs", client, port, job, strconv.Itoa(members), strconv.Itoa(seconds))
			if err != nil {
				return err
			}
			if err := said.until(ctx, "joined"); err != nil {
				return err
			}
			joined()
			return said.until(ctx, `{"said":`)
		},
	}
}

// lines is what a program says, until it ends.
type lines <-chan string

// starts starts a program of the peers' folder for as long as the context.
type starts func(ctx context.Context, args ...string) (lines, error)

func starter(programs *sync.WaitGroup) starts {
	return func(ctx context.Context, args ...string) (lines, error) {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		cmd.Dir, cmd.Stderr = folder, os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			return nil, err
		}
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		said := make(chan string, 16)
		programs.Go(func() {
			hear(out, said)
			_ = cmd.Wait() // killed when all is counted, or it has said why
		})
		return said, nil
	}
}

// hear passes lines on; those that nobody waits for are dropped.
func hear(out io.Reader, said chan<- string) {
	defer close(said)
	for scan := bufio.NewScanner(out); scan.Scan(); {
		select {
		case said <- scan.Text():
		default:
		}
	}
}

// until reads to a line that begins so.
func (l lines) until(ctx context.Context, begins string) error {
	for {
		select {
		case line, ok := <-l:
			if !ok {
				return fmt.Errorf("it ended without saying %q", begins)
			}
			if strings.HasPrefix(line, begins) {
				return nil
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}
