package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sync/errgroup"

	"dure/adapters/ids"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/identity"
)

const (
	signRounds = 5
	signDrafts = 3 // of each signer on each side in a round
)

// signing measures how many contracts a second so many signers sign at once,
// each of another dealer. The baseline says the same SQL, taken down from a real
// signing, on as many bare connections.
func signing(ctx context.Context, s *stage, signers int) (_ []line, err error) {
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	s.clear()
	staff, err := s.house.staff(ctx)
	if err != nil {
		return nil, err
	}
	if len(staff) < signRounds*signers {
		return nil, fmt.Errorf("%d dealers are too few", len(staff))
	}
	desk, err := openDesk(ctx, s.house)
	if err != nil {
		return nil, err
	}
	model, said, err := s.overhear(ctx, desk, staff[0])
	if err != nil {
		return nil, err
	}
	bare, err := connect(ctx, s.postgres.URL, signers)
	defer func() { err = errors.Join(err, bare.Close(ctx)) }()
	if err != nil {
		return nil, err
	}
	turn := 0
	rounds, err := alternate(signRounds, func() (float64, error) {
		drafts, err := desk.drafts(ctx, staff[turn*signers:][:signers])
		if err != nil {
			return 0, err
		}
		return rate(len(drafts), signers, func(i int) error { return desk.sign(drafts[i]) })
	}, func() (float64, error) {
		drafts, err := desk.drafts(ctx, staff[turn*signers:][:signers])
		if err != nil {
			return 0, err
		}
		turn++
		scripts := make([][]statement, len(drafts))
		for i, d := range drafts {
			scripts[i] = about(said, d.insteadOf(model))
		}
		perSecond, err := rate(len(drafts), signers, func(i int) error { return bare.say(ctx, i%signers, scripts[i]) })
		return perSecond, errors.Join(err, desk.allSigned(drafts))
	})
	if err != nil {
		return nil, err
	}
	return []line{newLine(fmt.Sprintf("sign/%d", signers), "contracts/s", rounds)}, nil
}

// rate does n things, of which each of so many workers does every workers-th,
// and returns how many a second got done.
func rate(n, workers int, do func(i int) error) (float64, error) {
	var group errgroup.Group
	began := time.Now()
	for w := range workers {
		group.Go(func() error {
			for i := w; i < n; i += workers {
				if err := do(i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := group.Wait()
	return float64(n) / time.Since(began).Seconds(), err
}

// desk is where contracts are drafted and signed.
type desk struct {
	*house
	product string
	agreed  string // id of the contract's consent text
	kept    string // id of the words for keeping a customer's data
}

// draft is a contract that is ready to be signed by its seller.
type draft struct {
	seller   context.Context //nolint:containedctx // who signs
	contract *deal.Contract
}

func openDesk(ctx context.Context, h *house) (*desk, error) {
	d := &desk{house: h}
	ctx = identity.With(ctx, identity.System)
	products, err := h.catalogue.Products(ctx, nil)
	if err != nil || len(products) == 0 {
		return nil, fmt.Errorf("find a product: %w", err)
	}
	d.product = products[0].ID
	texts, err := h.customers.ConsentTexts(ctx)
	for _, t := range texts {
		switch t.Purpose {
		case customer.Contract:
			d.agreed = t.ID
		case customer.PersonalData:
			d.kept = t.ID
		}
	}
	return d, err
}

// drafts makes signDrafts drafts of each seller, so that the sellers take turns.
func (d *desk) drafts(ctx context.Context, sellers []identity.User) ([]draft, error) {
	out := make([]draft, len(sellers)*signDrafts)
	var group errgroup.Group
	group.SetLimit(4)
	for at, u := range sellers {
		group.Go(func() error {
			seller := identity.With(ctx, actor(u))
			who, err := d.customers.CreateCustomer(seller, customer.CreateCustomerInput{Name: "김서명", Phone: "010-0000-4321", ConsentTextID: d.kept})
			if err != nil {
				return err
			}
			for i := range signDrafts {
				c, err := d.draft(seller, who.ID)
				if err != nil {
					return err
				}
				out[i*len(sellers)+at] = draft{seller: seller, contract: c}
			}
			return nil
		})
	}
	return out, group.Wait()
}

// draft takes a deal as far as the signature.
func (d *desk) draft(seller context.Context, customerID string) (*deal.Contract, error) {
	consultation, err := d.deals.OpenConsultation(seller, deal.OpenConsultationInput{
		CustomerID: customerID, Needs: deal.NeedsInput{Crops: []string{"RICE"}, Purpose: "모내기 전에 바꾸고 싶어요"},
	})
	if err != nil {
		return nil, err
	}
	quote, err := d.deals.IssueQuote(seller, deal.IssueQuoteInput{
		ConsultationID: consultation.ID, Lines: []deal.QuoteLineInput{{ProductID: d.product}}, ValuePoints: []string{"논에 알맞은 마력이에요"},
	})
	if err != nil {
		return nil, err
	}
	return d.deals.DraftContract(seller, deal.DraftContractInput{QuoteID: quote.ID})
}

// sign signs a draft as a tablet does, with a key against repeats.
func (d *desk) sign(f draft) error {
	_, err := d.deals.SignContract(f.seller, deal.SignContractInput{
		IdempotencyKey: ids.New("key"), ContractID: f.contract.ID, ExpectedVersion: f.contract.Version, ReadSha256: f.contract.PaperSHA256,
		ConsentTextIDs: []string{d.agreed},
		Signature: deal.SignatureInput{
			Strokes: [][]deal.PointInput{{{X: 10, Y: 20}, {X: 40, Y: 60.25}, {X: 90, Y: 30}}}, Width: 300, Height: 120, SignerName: "김서명",
		},
	})
	return err
}

// allSigned checks that what was signed by bare SQL is signed.
func (d *desk) allSigned(drafts []draft) error {
	for _, f := range drafts {
		c, err := d.deals.Contract(f.seller, f.contract.ID)
		if err != nil {
			return err
		}
		if c.Status != deal.ContractSigned {
			return fmt.Errorf("contract %s is %s after the same SQL", c.ID, c.Status)
		}
	}
	return nil
}

// insteadOf pairs what the model's statements name with what f's would.
func (f draft) insteadOf(model draft) []string {
	was, is := model.contract, f.contract
	return []string{
		was.ID, is.ID, was.Number, is.Number, was.QuoteID, is.QuoteID, was.DealID, is.DealID, was.DealerID, is.DealerID,
		was.CustomerID, is.CustomerID, was.StaffID, is.StaffID, was.PaperSHA256, is.PaperSHA256,
	}
}

// overhear signs one draft through a connection that is listened to.
func (s *stage) overhear(ctx context.Context, d *desk, seller identity.User) (_ draft, _ []statement, err error) {
	drafts, err := d.drafts(ctx, []identity.User{seller})
	if err != nil {
		return draft{}, nil, err
	}
	config := s.houseConfig("bench", 0)
	var listening *ear
	if listening, config.databaseURL, err = listenTo(ctx, s.postgres.URL); err != nil {
		return draft{}, nil, err
	}
	h, err := openHouse(ctx, config)
	if err == nil {
		err = (&desk{house: h, product: d.product, agreed: d.agreed, kept: d.kept}).sign(drafts[0])
		err = errors.Join(err, h.Close())
	}
	if err = errors.Join(err, listening.Close()); err != nil {
		return draft{}, nil, err
	}
	said, err := listening.transaction(`UPDATE "contracts"`)
	s.say("a signing says %d statements", len(said))
	return drafts[0], said, err
}

// connections are bare ones, one for each signer.
type connections []*pgconn.PgConn

func connect(ctx context.Context, address string, n int) (connections, error) {
	var all connections
	for range n {
		c, err := pgconn.Connect(ctx, address)
		if err != nil {
			return all, err
		}
		all = append(all, c)
	}
	return all, nil
}

func (c connections) say(ctx context.Context, which int, statements []statement) error {
	for i := range statements {
		if err := statements[i].say(ctx, c[which]); err != nil {
			return err
		}
	}
	return nil
}

// Close closes every connection.
func (c connections) Close(ctx context.Context) error {
	var failed []error
	for _, one := range c {
		failed = append(failed, one.Close(ctx))
	}
	return errors.Join(failed...)
}
