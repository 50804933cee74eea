package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/store"
	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/iq"
	"dure/internal/demo"
	"dure/internal/testservers"
)

func TestMain(m *testing.M) { os.Exit(testservers.Suite(m).Run()) }

// opened opens a platform on an empty data folder and, without a URL, SQLite.
func opened(t testing.TB, databaseURL string) *platform {
	t.Helper()
	p, err := open(context.Background(), &Settings{Data: t.TempDir(), DatabaseURL: databaseURL, LogFormat: "text"})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	return p
}

// eachEngine runs a test on an empty platform on either database.
func eachEngine(t *testing.T, test func(t *testing.T, p *platform)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { test(t, opened(t, "")) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, opened(t, testservers.Postgres(t, nil))) })
}

// as returns a context that speaks for a demo sign-in.
func (p *platform) as(t testing.TB, login string) context.Context {
	t.Helper()
	u, err := (store.People{DB: p.db}).UserByLogin(context.Background(), login)
	require.NoError(t, err)
	return identity.With(context.Background(), identity.Actor{
		UserID: u.ID, Persona: u.Persona, OrganizationID: u.OrganizationID, DealerID: u.DealerID, DeviceID: "tablet",
	})
}

// rows counts the rows of a table.
func (p *platform) rows(t testing.TB, table string) (n int) {
	t.Helper()
	require.NoError(t, p.db.SQL().QueryRow("SELECT COUNT(*) FROM "+table).Scan(&n))
	return n
}

func TestTheDemoIsSeededOnce(t *testing.T) { eachEngine(t, seededOnce) }

func seededOnce(t *testing.T, p *platform) {
	ctx := context.Background()
	require.NoError(t, p.seedEssentials(ctx), "a database may have been served without the demo before")
	require.NoError(t, p.seedDemo(ctx, "small", 1))
	acts := p.rows(t, "acts")
	require.Positive(t, acts)
	require.NoError(t, p.seedDemo(ctx, "small", 2))
	require.NoError(t, p.seedEssentials(ctx))
	assert.Equal(t, acts, p.rows(t, "acts"))
	assert.Equal(t, 262, p.rows(t, "districts"))

	for _, login := range []string{demo.DealerLogin, demo.OtherDealerLogin, demo.RepLogin, demo.HQLogin} {
		in, err := p.people.SignIn(ctx, identity.SignInInput{Login: login, Password: demo.Password})
		require.NoError(t, err, login)
		assert.Equal(t, login, in.User.Login)
	}
}

func TestTheDemosSignInsOpenNothingOutsideOfTheDemo(t *testing.T) { eachEngine(t, closedOutside) }

func closedOutside(t *testing.T, p *platform) {
	ctx := context.Background()
	require.NoError(t, p.seedDemo(ctx, "small", 1))
	in, err := p.people.SignIn(ctx, identity.SignInInput{Login: demo.DealerLogin, Password: demo.Password})
	require.NoError(t, err)

	p.closeDemo()
	_, err = p.people.SignIn(ctx, identity.SignInInput{Login: "Dealer@demo.dure", Password: demo.Password})
	assert.Equal(t, fault.Unauthenticated, fault.CodeOf(err), "a new session")
	_, err = p.people.RefreshSession(ctx, identity.RefreshSessionInput{RefreshToken: in.RefreshToken})
	assert.Equal(t, fault.Unauthenticated, fault.CodeOf(err), "one that the demo opened")

	p.people.Closed = nil
	_, err = p.people.RefreshSession(ctx, identity.RefreshSessionInput{RefreshToken: in.RefreshToken})
	assert.Equal(t, fault.Unauthenticated, fault.CodeOf(err), "it is over")
	_, err = p.people.SignIn(ctx, identity.SignInInput{Login: demo.DealerLogin, Password: demo.Password})
	assert.NoError(t, err)
}

func TestCopiesThatStartTogetherSeedOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, p *platform) {
		failed := make([]error, 4)
		var all sync.WaitGroup
		for i := range failed {
			all.Go(func() { failed[i] = p.seedDemo(context.Background(), "small", uint64(i)) })
		}
		all.Wait()
		require.NoError(t, errors.Join(failed...))
		assert.Equal(t, 6, p.rows(t, "dealers"))
	})
}

func TestAFailureInTheMiddleLeavesNoDemo(t *testing.T) { eachEngine(t, failureInTheMiddle) }

func failureInTheMiddle(t *testing.T, p *platform) {
	ctx, cut := context.WithCancelCause(context.Background())
	cut(errors.New("power cut"))
	require.Error(t, p.seedDemo(ctx, "small", 1))
	require.Error(t, p.seedDemo(context.Background(), "huge", 1))
	err := p.db.Do(context.Background(), func(ctx context.Context) error {
		require.NoError(t, p.seedDemo(ctx, "small", 1))
		return errors.New("power cut")
	})
	require.Error(t, err)
	for _, table := range []string{"organizations", "users", "regions", "acts", "ledger_entries", "leases"} {
		assert.Zero(t, p.rows(t, table), table)
	}
	require.NoError(t, p.seedDemo(context.Background(), "small", 1))
	assert.Positive(t, p.rows(t, "acts"))
}

func TestAVisitorsDealFollowsOnTheDemo(t *testing.T) { eachEngine(t, visitorsDeal) }

func visitorsDeal(t *testing.T, p *platform) {
	require.NoError(t, p.seedDemo(context.Background(), "small", 1))
	dealer := p.as(t, demo.DealerLogin)
	seeded := factsByKind(t, p)
	entries, points := p.rows(t, "ledger_entries"), p.pointsOf(t, dealer)

	contract := p.visit(t, dealer)

	t.Run("its acts have the facts that the demo's have", func(t *testing.T) {
		for kind, facts := range factsByKind(t, p) {
			if told, ok := seeded[kind]; ok {
				assert.Equal(t, told, facts, kind)
			}
		}
	})
	t.Run("it posts its own points and nothing else", func(t *testing.T) {
		// A profile, a showing, a quote, a follow-up and a signature.
		assert.Equal(t, entries+5, p.rows(t, "ledger_entries"))
		assert.Equal(t, points+5+8+10+4+30, p.pointsOf(t, dealer))
	})
	t.Run("numbers count on", func(t *testing.T) {
		assert.True(t, strings.HasPrefix(contract.Number, "C-"))
		assert.Equal(t, p.rows(t, "contracts"), p.rows(t, "contract_numbers"))
		assert.Equal(t, p.rows(t, "quotes"), p.rows(t, "quote_numbers"))
	})
}

// visit has a visitor do one deal, and returns its contract.
func (p *platform) visit(t *testing.T, dealer context.Context) *deal.Contract {
	t.Helper()
	texts, err := p.customers.ConsentTexts(dealer)
	require.NoError(t, err)
	words := map[customer.Purpose]string{}
	for _, text := range texts {
		words[text.Purpose] = text.ID
	}
	area, people, household, terrain := 9_900, 1, "FULL_TIME", customer.Flat
	farmer, err := p.customers.CreateCustomer(dealer, customer.CreateCustomerInput{
		Name: "김논두렁", Phone: "010-0000-1234", ConsentTextID: words[customer.PersonalData],
		Farm: &customer.FarmInput{
			Parcels: []customer.ParcelInput{{SquareMetres: &area}}, Crops: []string{"RICE"}, Terrain: &terrain,
			Machines: []customer.MachineInput{{Model: "DR50"}}, Operators: &people, Household: &household,
		},
	})
	require.NoError(t, err)
	talk, err := p.deals.OpenConsultation(dealer, deal.OpenConsultationInput{CustomerID: farmer.ID, Needs: deal.NeedsInput{Crops: []string{"RICE"}}})
	require.NoError(t, err)
	products, err := p.catalogue.Products(dealer, nil)
	require.NoError(t, err)
	media, err := p.catalogue.MediaOf(dealer, []string{products[0].ID})
	require.NoError(t, err)
	_, err = p.deals.PresentProduct(dealer, deal.PresentProductInput{
		ConsultationID: talk.ID, ProductID: products[0].ID, MediaID: media[products[0].ID][0].ID, WatchedSeconds: 45,
	})
	require.NoError(t, err)
	quote, err := p.deals.IssueQuote(dealer, deal.IssueQuoteInput{
		ConsultationID: talk.ID, Lines: []deal.QuoteLineInput{{ProductID: products[0].ID}}, Discount: 100_000, ValuePoints: []string{"힘이 좋아요"},
	})
	require.NoError(t, err)
	_, err = p.deals.FollowUpQuote(dealer, deal.FollowUpQuoteInput{QuoteID: quote.ID})
	require.NoError(t, err)
	draft, err := p.deals.DraftContract(dealer, deal.DraftContractInput{QuoteID: quote.ID})
	require.NoError(t, err)
	signed, err := p.deals.SignContract(dealer, deal.SignContractInput{
		ContractID: draft.ID, ExpectedVersion: draft.Version, ReadSha256: draft.PaperSHA256, ConsentTextIDs: []string{words[customer.Contract]},
		Signature: deal.SignatureInput{Strokes: [][]deal.PointInput{{{X: 1, Y: 1}, {X: 9, Y: 9}}}, Width: 10, Height: 10, SignerName: "김논두렁"},
	})
	require.NoError(t, err)
	return signed
}

// factsByKind are the names of the facts that acts of each kind have.
func factsByKind(t *testing.T, p *platform) map[act.Kind]map[string]bool {
	t.Helper()
	rows, err := p.db.SQL().Query("SELECT kind, facts FROM acts")
	require.NoError(t, err)
	defer func() { assert.NoError(t, rows.Close()) }()
	by := map[act.Kind]map[string]bool{}
	for rows.Next() {
		var kind act.Kind
		var text string
		require.NoError(t, rows.Scan(&kind, &text))
		var facts act.Facts
		require.NoError(t, json.Unmarshal([]byte(text), &facts))
		if by[kind] == nil {
			by[kind] = map[string]bool{}
		}
		for fact := range facts {
			by[kind][fact] = true
		}
	}
	require.NoError(t, rows.Err())
	return by
}

func (p *platform) pointsOf(t *testing.T, dealer context.Context) int {
	t.Helper()
	id := identity.From(dealer).DealerID
	points, err := p.iq.PointsOf(dealer, iq.SeasonOf(time.Now()).Key, []string{id})
	require.NoError(t, err)
	return points[id].Points
}

func TestTheDemosPersonalDataIsSealedAndFound(t *testing.T) {
	p := opened(t, "")
	require.NoError(t, p.seedDemo(context.Background(), "small", 1))
	hq := p.as(t, demo.HQLogin)
	page, err := p.customers.Customers(hq, nil, nil, nil)
	require.NoError(t, err)
	reached := 0
	for _, c := range page.Nodes {
		if c.Phone == "" {
			continue
		}
		reached++
		assert.NotContains(t, c.PhoneSealed, c.Phone[9:])
		found, err := p.customers.Customers(hq, &customer.CustomerFilter{Phone: c.Phone, DealerID: c.DealerID}, nil, nil)
		require.NoError(t, err)
		assert.Equal(t, 1, found.TotalCount, "%s has one phone", c.ID)
	}
	assert.Positive(t, reached)
}

func TestAnOldContractsPaperIsRenderedWhenItIsRead(t *testing.T) {
	p := opened(t, "")
	require.NoError(t, p.seedDemo(context.Background(), "small", 1))
	dealer := p.as(t, demo.DealerLogin)
	old, err := p.deals.Contracts(dealer, &deal.ContractFilter{Channel: deal.Digital, Status: deal.ContractSigned}, nil, nil)
	require.NoError(t, err)
	require.NotEmpty(t, old.Nodes)
	paper := func(ctx context.Context) []byte {
		file, err := p.deals.PaperFile(ctx, old.Nodes[0].ID)
		require.NoError(t, err)
		pdf, err := io.ReadAll(file)
		require.NoError(t, errors.Join(err, file.Close()))
		return pdf
	}
	first := paper(dealer)
	assert.True(t, strings.HasPrefix(string(first), "%PDF-"))
	assert.Equal(t, first, paper(p.as(t, demo.RepLogin)), "whoever reads it reads the same")
	events, err := p.deals.EvidenceOf(dealer, old.Nodes[0].ID)
	require.NoError(t, err)
	assert.Empty(t, events, "nobody signed these bytes")
	require.NoError(t, p.deals.Seal(identity.With(context.Background(), identity.System), old.Nodes[0].ID), "and there is nothing to seal")

	_, err = p.deals.PaperFile(p.as(t, demo.OtherDealerLogin), old.Nodes[0].ID)
	assert.Error(t, err)
}

func TestPastSalesComeInFromTheCommandLine(t *testing.T) {
	p := opened(t, "")
	require.NoError(t, p.seedDemo(context.Background(), "small", 1))
	hq := p.as(t, demo.HQLogin)
	dealers, err := p.channel.Dealers(hq, nil, nil, nil)
	require.NoError(t, err)
	number, sales := dealers.Nodes[0].BusinessNumber, p.rows(t, "sales")
	bringIn := func(lines ...string) error {
		path := filepath.Join(p.settings.Data, "sales.csv")
		text := "dealer,product,quantity,amount,sold_at,channel\n" + strings.Join(lines, "\n")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return importSalesCommand{File: path}.Run(context.Background(), p.settings)
	}
	require.NoError(t, bringIn(number+",DR55,1,42000000,2019-03-02,PAPER"))
	assert.Equal(t, sales+1, p.rows(t, "sales"))
	require.NoError(t, bringIn(number[:3]+"-"+number[3:5]+"-"+number[5:]+",두레 DR55,1,\"42,000,000\",2019-03-02,종이"))
	assert.Equal(t, sales+1, p.rows(t, "sales"), "it says the same")
	err = bringIn(number+",DR55,1,43000000,2019-03-02,PAPER", number+",DR55,many,42000000,2019-03-02,PAPER")
	require.ErrorContains(t, err, "nothing was brought in")
	assert.Equal(t, sales+1, p.rows(t, "sales"))
}

func TestBadLinesAreToldInTheReadersLanguage(t *testing.T) {
	p := opened(t, "")
	require.NoError(t, p.seedEssentials(context.Background()))
	_, err := salesImporter(p.db, time.Now).Import(identity.With(context.Background(), identity.System),
		strings.NewReader("dealer,product,quantity,amount,sold_at,channel\n1,,0,1,2019-03-02,PAPER\n"))
	for language, want := range map[string]string{
		"ko_KR.UTF-8": "sales.csv:2: dealer: 그런 대리점이 없어요. 사업자등록번호 10자리를 확인해 주세요.\nsales.csv:2: quantity: 수량은 1부터 1,000까지의 정수로 적어 주세요.\n",
		"en_US.UTF-8": "sales.csv:2: dealer: There is no such dealer. Check the ten digits of the business number.\nsales.csv:2: quantity: Write the quantity as a whole number from 1 to 1,000.\n",
	} {
		t.Run(language, func(t *testing.T) {
			t.Setenv("LC_ALL", language)
			var out strings.Builder
			assert.ErrorContains(t, told(&out, "sales.csv", err, terminalLanguage()), "2 things to mend")
			assert.Equal(t, want, out.String())
		})
	}
}

func BenchmarkSeed(b *testing.B) {
	for _, size := range []string{"small", "full"} {
		b.Run(size, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				p := opened(b, "")
				b.StartTimer()
				require.NoError(b, p.seedDemo(context.Background(), size, 1))
			}
		})
	}
}
