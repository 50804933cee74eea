package main

import (
	"context"
	"time"

	"dure/domain/identity"
)

const (
	pageRounds  = 5
	pageLength  = 1500 * time.Millisecond // of each side in a round
	pageCallers = 8
)

// pageQuery is a page of the contracts that HQ's table shows.
const pageQuery = `{ contracts(first: 100) {
  nodes { id number channel status price total quantity draftedAt signedAt version customer { name } dealer { name } product { name } }
  totalCount pageInfo { hasNextPage endCursor }
} }`

// pageOfContracts measures the CPU that a page of a hundred contracts costs the
// server. The baseline is stock gqlgen over the same resolvers.
func pageOfContracts(ctx context.Context, s *stage) ([]line, error) {
	if err := s.openStock(ctx); err != nil {
		return nil, err
	}
	people, err := s.house.users(ctx, identity.HQ)
	if err != nil {
		return nil, err
	}
	requests := make([][]byte, pageCallers)
	for i := range requests {
		token, err := s.house.token(people[i%len(people)])
		if err != nil {
			return nil, err
		}
		requests[i] = graphQL(pageQuery, token)
	}
	rounds, err := compare(ctx, pageRounds, pageLength, s.ours, s.stock, requests, requests)
	if err != nil {
		return nil, err
	}
	return []line{newLine("page/contracts-100", "us", rounds)}, nil
}
