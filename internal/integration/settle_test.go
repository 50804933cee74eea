package integration_test

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/identity"
	"dure/domain/iq"
	"dure/domain/money"
)

// The list prices of the scene.
const (
	price55     money.Won = 40_000_000
	price50     money.Won = 36_000_000
	priceLoader money.Won = 5_000_000
	priceCabin  money.Won = 6_000_000
	bandBP                = 300 // of the province
)

// since is when everything in the scene began to be valid.
var since = opening.AddDate(-5, 0, 0)

// settle puts people, places, products, words and rules there.
func settle(ctx context.Context, db *bun.DB) error {
	scene := []any{
		&[]identity.Organization{
			{ID: "org_maker", Name: "두레농기계", Kind: identity.Maker},
			{ID: "org_lender", Name: "들녘캐피탈", Kind: identity.FinanceCompany},
			{ID: "org_other_lender", Name: "한마을금융", Kind: identity.FinanceCompany},
			{ID: "org_carrier", Name: "들길운송", Kind: identity.DeliveryFirm},
			{ID: "org_other_carrier", Name: "물길운송", Kind: identity.DeliveryFirm},
			{ID: "org_gimje", Name: "김제대리점", Kind: identity.Dealership},
			{ID: "org_iksan", Name: "익산대리점", Kind: identity.Dealership},
		},
		ptr(users()),
		&[]channel.Region{
			{Code: "52", Name: "전북", NameEn: "Jeonbuk", ValidFrom: since, DiscountBandBP: bandBP},
			{Code: "41", Name: "경기", NameEn: "Gyeonggi", ValidFrom: since, DiscountBandBP: 200},
		},
		&[]channel.District{
			{Code: "52210", RegionCode: "52", Name: "김제시", ValidFrom: since}, {Code: "41110", RegionCode: "41", Name: "수원시", ValidFrom: since},
		},
		&[]channel.Territory{
			{ID: "ter_west", Name: "전북 서부", RegionCode: "52", RepID: "usr_rep"},
			{ID: "ter_north", Name: "전북 북부", RegionCode: "52", RepID: "usr_other_rep"},
			{ID: "ter_suwon", Name: "경기 남부", RegionCode: "41"},
		},
		ptr(dealers()),
		&[]customer.ConsentText{
			{ID: "personal-data@2", Purpose: customer.PersonalData, Version: 2, Title: "개인정보", Body: "개인정보를 보관해요.", ValidFrom: since},
			{ID: "marketing@1", Purpose: customer.Marketing, Version: 1, Title: "소식", Body: "소식을 보내요.", ValidFrom: since},
			{ID: "third-party@1", Purpose: customer.ThirdParty, Version: 1, Title: "제삼자 제공", Body: "금융사와 배송사에 알려요.", ValidFrom: since},
			{ID: "contract@3", Purpose: customer.Contract, Version: 3, Title: "매매 조건", Body: "물건과 값을 맞바꿔요.", ValidFrom: since},
			{ID: "contract@4", Purpose: customer.Contract, Version: 4, Title: "매매 조건", Body: "다음 조건", ValidFrom: opening.AddDate(0, 2, 0)},
		},
		ptr([]iq.Rulebook{iq.Starting()}),
	}
	for _, rows := range append(scene, products()...) {
		if _, err := db.NewInsert().Model(rows).Exec(ctx); err != nil {
			return fmt.Errorf("settle %T: %w", rows, err)
		}
	}
	return nil
}

func users() []identity.User {
	var all []identity.User
	for _, u := range []struct {
		id, org, dealer string
		persona         identity.Persona
	}{
		{"usr_gimje", "org_gimje", "dlr_gimje", identity.Dealer},
		{"usr_iksan", "org_iksan", "dlr_iksan", identity.Dealer},
		{"usr_rep", "org_maker", "", identity.Rep},
		{"usr_other_rep", "org_maker", "", identity.Rep},
		{"usr_hq", "org_maker", "", identity.HQ},
		{"usr_lender", "org_lender", "", identity.Lender},
		{"usr_other_lender", "org_other_lender", "", identity.Lender},
		{"usr_carrier", "org_carrier", "", identity.Carrier},
		{"usr_customer", "org_maker", "", identity.Customer},
	} {
		all = append(all, identity.User{
			ID: u.id, Login: u.id + "@demo.dure", Name: "사람 " + u.id, Persona: u.persona, OrganizationID: u.org, DealerID: u.dealer,
			Active: true, CreatedAt: since,
		})
	}
	return all
}

func dealers() []channel.Dealer {
	var all []channel.Dealer
	for i, d := range []struct{ id, name, region, district, territory string }{
		{"dlr_gimje", "김제대리점", "52", "52210", "ter_west"},
		{"dlr_buan", "부안대리점", "52", "52210", "ter_west"},
		{"dlr_iksan", "익산대리점", "52", "52210", "ter_north"},
		{"dlr_suwon", "수원대리점", "41", "41110", "ter_suwon"},
	} {
		all = append(all, channel.Dealer{
			ID: d.id, Name: d.name, BusinessNumber: fmt.Sprintf("00000000%02d", i), OwnerName: "주인", RegionCode: d.region,
			DistrictCode: d.district, TerritoryID: d.territory, OpenedOn: since, Version: 1,
		})
	}
	return all
}

func products() []any {
	over := opening.Add(-time.Hour)
	return []any{
		&[]catalogue.ProductLine{{ID: "lin_50", Name: "DR50", HorsepowerMin: 50, HorsepowerMax: 64}},
		&[]catalogue.Product{
			{ID: "prd_55", LineID: "lin_50", Name: "두레 55", ModelCode: "DR55", Horsepower: 55, Summary: "논에 좋아요", SummaryEn: "Good in paddies", Crops: []string{"RICE"}},
			{ID: "prd_50", LineID: "lin_50", Name: "두레 50", ModelCode: "DR50", Horsepower: 50, Summary: "밭에 좋아요", SummaryEn: "Good in fields", Crops: []string{"FRUIT"}},
			{ID: "prd_old", LineID: "lin_50", Name: "두레 옛것", ModelCode: "DR49", Horsepower: 49, Summary: "옛것", SummaryEn: "Old", Crops: []string{}, Discontinued: true},
			{ID: "prd_dear", LineID: "lin_50", Name: "두레 금", ModelCode: "DR64", Horsepower: 64, Summary: "아주 비싸요", SummaryEn: "Very dear", Crops: []string{}},
		},
		&[]catalogue.Option{
			{ID: "opt_loader", ProductID: "prd_55", Name: "로더", NameEn: "Loader"}, {ID: "opt_cabin", ProductID: "prd_55", Name: "캐빈", NameEn: "Cabin"},
		},
		&[]catalogue.Price{
			{ID: "prc_1", ProductID: "prd_55", Amount: price55, ValidFrom: since},
			{ID: "prc_2", ProductID: "prd_50", Amount: price50, ValidFrom: since},
			{ID: "prc_3", ProductID: "prd_old", Amount: 30_000_000, ValidFrom: since},
			{ID: "prc_4", ProductID: "prd_dear", Amount: money.Max / 10, ValidFrom: since},
			{ID: "prc_5", OptionID: "opt_loader", Amount: priceLoader, ValidFrom: since},
			{ID: "prc_6", OptionID: "opt_cabin", Amount: priceCabin, ValidFrom: since},
		},
		&[]catalogue.Media{
			{ID: "med_1", ProductID: "prd_55", Kind: catalogue.YouTube, URL: "https://youtu.be/x", Title: "논갈이", DurationSeconds: 90, Chapters: []catalogue.Chapter{}, Position: 1},
			{ID: "med_50", ProductID: "prd_50", Kind: catalogue.File, URL: "/media/b", Title: "밭갈이", DurationSeconds: 60, Chapters: []catalogue.Chapter{}, Position: 1},
		},
		&[]catalogue.FinanceProgramme{
			{ID: "fin_now", OrganizationID: "org_lender", Name: "들녘 할부", RateBP: 450, TermMonths: []int{36, 60}, MaxShareBP: 8_000, ValidFrom: since},
			{ID: "fin_free", OrganizationID: "org_lender", Name: "무이자", RateBP: 0, TermMonths: []int{12}, MaxShareBP: 10_000, ValidFrom: since},
			{ID: "fin_over", OrganizationID: "org_lender", Name: "지난 할부", RateBP: 100, TermMonths: []int{12}, MaxShareBP: 8_000, ValidFrom: since, ValidUntil: over},
		},
	}
}
