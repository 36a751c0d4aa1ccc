package sqlstore

import (
	"context"

	"tickroom/store"
)

type playerRow struct {
	ID        string
	Name      string
	CreatedAt int64
}

// SavePlayer keeps a player; one that is there stays as it was.
func (s *Store) SavePlayer(ctx context.Context, p store.Player) error {
	return s.write(ctx, "save player", func(ctx context.Context, tx Tx) error {
		return exec(ctx, tx,
			`insert into players (id, name, created_at) values ($1, $2, $3) on conflict (id) do nothing`,
			p.ID, p.Name, milli(p.CreatedAt))
	})
}

// Player reads one.
func (s *Store) Player(ctx context.Context, id string) (store.Player, error) {
	var row playerRow
	err := s.call(ctx, "read player", func(ctx context.Context) (err error) {
		row, err = one[playerRow](ctx, s.db, `select id, name, created_at from players where id = $1`, id)
		return err
	})
	if err != nil {
		return store.Player{}, err
	}
	return store.Player{ID: row.ID, Name: row.Name, CreatedAt: moment(row.CreatedAt)}, nil
}
