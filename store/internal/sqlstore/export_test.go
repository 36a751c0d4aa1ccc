package sqlstore

import "tickroom/store"

// For the test of what databases make of the statements.

func (s *Store) CardsQuery(servers []Lessee, q store.CardQuery) (sql string, args []any) {
	return s.cardsQuery(servers, q)
}

type Lessee = lessee
