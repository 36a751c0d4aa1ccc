//go:build unix

package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"tickroom/store/postgres"
)

// cluster makes databases on a server, its own or somebody's.
type cluster struct {
	// Set once.
	address *url.URL // of a database to give orders in
	prefix  string   // of the names of databases; others use the same server
	server  *Server  // nil when it is not ours to stop

	mu sync.Mutex
	// Guarded by mu.
	made     int
	template string // its name, once it is there
}

func newCluster(ctx context.Context, address string, s *Server) (*cluster, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("TEST_DATABASE_URL is not a URL")
	}
	c := &cluster{address: u, prefix: "tickroom_test_" + strings.ToLower(rand.Text()[:10]), server: s}
	if err := c.order(ctx, "select 1"); err != nil {
		return nil, err
	}
	return c, nil
}

// close drops what was made, by stopping the server if it is ours.
func (c *cluster) close() error {
	if c.server != nil {
		return c.server.remove()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.template == "" {
		return nil
	}
	return c.drop(context.Background(), c.template)
}

func (c *cluster) database(t testing.TB, migrated bool) string {
	t.Helper()
	name, err := c.create(t.Context(), migrated)
	if err != nil {
		t.Fatalf("pgtest: making a database: %v", err)
	}
	if c.server == nil { // else it goes with its server
		t.Cleanup(func() {
			if err := c.drop(context.WithoutCancel(t.Context()), name); err != nil {
				t.Errorf("pgtest: dropping %s: %v", name, err)
			}
		})
	}
	return c.url(name)
}

func (c *cluster) create(ctx context.Context, migrated bool) (name string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if migrated && c.template == "" {
		if err := c.makeTemplate(ctx); err != nil {
			return "", err
		}
	}
	c.made++
	name = fmt.Sprintf("%s_%d", c.prefix, c.made)
	if !migrated {
		return name, c.order(ctx, "create database "+name)
	}
	return name, c.order(ctx, "create database "+name+" template "+c.template)
}

func (c *cluster) makeTemplate(ctx context.Context) error {
	name := c.prefix + "_template"
	if err := c.order(ctx, "create database "+name); err != nil {
		return err
	}
	s, err := postgres.Open(ctx, c.url(name))
	if err != nil {
		return err
	}
	c.template = name
	return s.Close() // a template is copied only while nobody is connected
}

func (c *cluster) drop(ctx context.Context, name string) error {
	return c.order(ctx, "drop database if exists "+name+" with (force)")
}

func (c *cluster) url(database string) string {
	u := *c.address
	u.Path = "/" + database
	return u.String()
}

// order runs one statement on a connection of its own.
func (c *cluster) order(ctx context.Context, sql string) error {
	conn, err := pgx.Connect(ctx, c.address.String())
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}
