package sqlstore

import "context"

// Secret gives the value kept under a name, keeping fresh if there is none.
// When several servers offer one at once, the database lets one insert win and
// makes the others wait for it, so that what is read afterwards is final.
func (s *Store) Secret(ctx context.Context, name string, fresh []byte) (kept []byte, err error) {
	err = s.write(ctx, "secret", func(ctx context.Context, tx Tx) error {
		err := exec(ctx, tx, `insert into secrets (name, value) values ($1, $2) on conflict (name) do nothing`, name, blob(fresh))
		if err != nil {
			return err
		}
		kept, err = value[[]byte](ctx, tx, `select value from secrets where name = $1`, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return blob(kept), nil
}
