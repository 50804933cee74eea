package demo

import (
	"fmt"
	"time"

	"dure/domain/catalogue"
	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/domain/money"
)

// The crops of the demo world, as codes.
const (
	rice       = "RICE"
	vegetable  = "VEGETABLE"
	fruit      = "FRUIT"
	greenhouse = "GREENHOUSE"
	garlic     = "GARLIC"
	highland   = "HIGHLAND"
	citrus     = "CITRUS"
	forage     = "FORAGE"
)

// family is a line of tractors by horsepower, with its prices in million won.
type family struct {
	name      string
	low, high int // horsepower
	cheapest  int
	dearest   int
	models    []int // horsepower of each
	crops     []string
	summary   string
	summaryEn string
}

var families = []family{
	{"DR20", 20, 34, 18, 27, []int{22, 28, 33}, []string{greenhouse, fruit, citrus}, "하우스와 과수원 사이를 가볍게 도는 작은 트랙터예요.", "A nimble tractor for greenhouses and orchards."},
	{"DR35", 35, 49, 26, 38, []int{38, 43, 48}, []string{greenhouse, fruit, vegetable, garlic}, "밭일과 하우스 일을 한 대로 하는 트랙터예요.", "One tractor for field and greenhouse."},
	{"DR50", 50, 64, 36, 52, []int{52, 55, 62}, []string{rice, vegetable, garlic}, "논과 밭을 오가며 가장 많이 찾는 트랙터예요.", "The favourite for paddies and fields alike."},
	{"DR65", 65, 84, 52, 72, []int{68, 75, 82}, []string{rice, vegetable, highland}, "넓은 논을 하루에 끝내는 힘 있는 트랙터예요.", "Strong enough to finish a wide paddy in a day."},
	{"DR85", 85, 104, 72, 98, []int{88, 95, 102}, []string{rice, highland, forage}, "무거운 작업기를 거뜬히 끄는 트랙터예요.", "Pulls heavy implements with ease."},
	{"DR105", 105, 139, 95, 135, []int{110, 125, 135}, []string{rice, forage}, "여럿이 함께 쓰는 큰 논의 트랙터예요.", "For large paddies that many work together."},
	{"DR140", 140, 175, 150, 200, []int{145, 165}, []string{rice, forage}, "간척지와 조사료를 위한 가장 큰 트랙터예요.", "The largest, for reclaimed land and forage."},
}

// extra is an option that a model may have, at a share of its price.
type extra struct {
	name, nameEn string
	shareBP      int
	fromPower    int // horsepower
}

var extras = []extra{
	{"로더", "Front loader", 1100, 0},
	{"로터리", "Rotary tiller", 800, 0},
	{"냉난방 캐빈", "Air-conditioned cabin", 900, 35},
	{"자동 수평 제어", "Automatic levelling", 350, 35},
	{"자율주행 키트", "Self-steering kit", 1500, 65},
}

// yearlyRise is by how much prices rise each January, in basis points.
const yearlyRise = 320

// model is a product with all that a quote needs to know of it.
type model struct {
	catalogue.Product

	family  int
	media   []catalogue.Media
	options []deal.QuoteOption // at this year's price
	price   money.Won          // this year's
}

// goods is what there is to sell.
type goods struct {
	year     int // of the newest prices
	families [][]*model
}

// priceIn returns a price of this year as it was in another.
func (g *goods) priceIn(year int, now money.Won) money.Won {
	price := float64(now)
	for range g.year - year {
		price = price * 10_000 / (10_000 + yearlyRise)
	}
	return money.Won(price/10_000) * 10_000
}

func (m *maker) makeGoods() {
	d, id := m.stream("goods"), m.identifier("goods")
	m.goods = &goods{year: m.Now.In(kst.Zone).Year()}
	for i, f := range families {
		line := catalogue.ProductLine{ID: id.at("lin", m.longAgo), Name: f.name, HorsepowerMin: f.low, HorsepowerMax: f.high}
		m.Lines = append(m.Lines, line)
		var models []*model
		for n, power := range f.models {
			models = append(models, m.makeModel(d, id, i, n, power, line.ID))
		}
		m.goods.families = append(m.goods.families, models)
	}
	m.makeProgrammes()
}

func (m *maker) makeModel(d dice, id identifier, family, n, power int, lineID string) *model {
	f := families[family]
	p := &model{
		Product: catalogue.Product{
			ID: id.at("prd", m.longAgo), LineID: lineID, Name: fmt.Sprintf("두레 DR%d", power), ModelCode: fmt.Sprintf("DR%d", power),
			Horsepower: power, Summary: f.summary, SummaryEn: f.summaryEn, Crops: f.crops,
		},
		family: family,
	}
	place := 0.5
	if len(f.models) > 1 {
		place = float64(n) / float64(len(f.models)-1)
	}
	millions := float64(f.cheapest) + place*float64(f.dearest-f.cheapest)
	p.price = money.Won(millions*100) * 10_000
	m.Products = append(m.Products, p.Product)
	m.makePrices(id, p.price, p.ID, "")
	for _, e := range extras {
		if power < e.fromPower {
			continue
		}
		o := catalogue.Option{ID: id.at("opt", m.longAgo), ProductID: p.ID, Name: e.name, NameEn: e.nameEn}
		price := p.price * money.Won(e.shareBP) / 10_000 / 10_000 * 10_000
		m.World.Options = append(m.World.Options, o)
		m.makePrices(id, price, "", o.ID)
		p.options = append(p.options, deal.QuoteOption{OptionID: o.ID, Name: o.Name, Price: price})
	}
	m.makeMedia(d, id, p)
	return p
}

// makePrices lists what a thing cost in each year of the history.
func (m *maker) makePrices(id identifier, now money.Won, productID, optionID string) {
	for year := m.begins.In(kst.Zone).Year(); year <= m.goods.year; year++ {
		p := catalogue.Price{
			ID: id.at("prc", m.longAgo), ProductID: productID, OptionID: optionID, Amount: m.goods.priceIn(year, now),
			ValidFrom: kst.Date(year, time.January, 1), ValidUntil: kst.Date(year+1, time.January, 1),
		}
		if year == m.goods.year {
			p.ValidUntil = time.Time{}
		}
		m.Prices = append(m.Prices, p)
	}
}

// scenes are the chapters of a film by crop.
var scenes = map[string][]string{
	rice: {"논갈이", "써레질", "볏짚 걷기"}, vegetable: {"밭갈이", "두둑 만들기", "비료 뿌리기"}, fruit: {"과수원 길 지나기", "풀 베기", "약 치기"},
	greenhouse: {"하우스 안 돌기", "로터리 치기", "흙 고르기"}, garlic: {"두둑 만들기", "비닐 덮기", "캐기"}, highland: {"비탈밭 갈기", "돌 골라내기", "배추 싣기"},
	citrus: {"귤밭 길 지나기", "풀 베기", "귤 나르기"}, forage: {"풀 베기", "뒤집기", "곤포 싸기"},
}

// makeMedia gives a model a film that Dure serves and one on YouTube.
func (m *maker) makeMedia(d dice, id identifier, p *model) {
	film := func(position, seconds int, crop string, kind catalogue.MediaKind, title string) {
		media := catalogue.Media{
			ID: id.at("med", m.longAgo), ProductID: p.ID, Kind: kind, Title: title, DurationSeconds: seconds, Position: position,
		}
		media.URL, media.FileSHA256 = "/media/"+media.ID, filmOf(families[p.family].name)
		if kind == catalogue.YouTube {
			media.FileSHA256 = ""
			media.URL = fmt.Sprintf("https://www.youtube.com/watch?v=dureDR%03d_%d", p.Horsepower, position)
		}
		for i, scene := range scenes[crop] {
			media.Chapters = append(media.Chapters, catalogue.Chapter{AtSecond: i * seconds / 3, Title: scene, Crop: crop})
		}
		m.Media = append(m.Media, media)
		p.media = append(p.media, media)
	}
	film(1, filmSeconds, p.Crops[0], catalogue.File, p.Name+" 일하는 모습")
	film(2, d.between(120, 420), p.Crops[len(p.Crops)-1], catalogue.YouTube, p.Name+" 하루 따라가기")
}

// lender is a finance company and its offer.
type lender struct {
	firm, offer string
	rateBP      int
	months      []int
	maxShareBP  int
}

var lenders = []lender{
	{"농가정책금융", "농기계 정책 자금", 150, []int{60, 96}, 8_000},
	{"두레캐피탈", "두레 가을걷이 할부", 390, []int{12, 24, 36, 60}, 9_000},
	{"들녘저축은행", "들녘 농기계 대출", 690, []int{24, 36, 48}, 7_000},
	{"한마을상호금융", "조합원 농기계 대출", 480, []int{36, 60}, 8_000},
	{"이랑리스", "이랑 트랙터 리스", 790, []int{36, 48, 60}, 10_000},
}

var carriers = []string{"한길농기계운송", "새벽물류", "큰바퀴운송", "이음배송"}

func (m *maker) makeProgrammes() {
	id := m.identifier("partners")
	for _, l := range lenders {
		firm := identity.Organization{ID: id.at("org", m.longAgo), Name: l.firm, Kind: identity.FinanceCompany}
		m.World.Organizations = append(m.World.Organizations, firm)
		m.Programmes = append(m.Programmes, catalogue.FinanceProgramme{
			ID: id.at("fin", m.longAgo), OrganizationID: firm.ID, Name: l.offer, RateBP: l.rateBP, TermMonths: l.months,
			MaxShareBP: l.maxShareBP, ValidFrom: m.begins.AddDate(-1, 0, 0),
		})
	}
	for _, name := range carriers {
		m.carriers = append(m.carriers, identity.Organization{ID: id.at("org", m.longAgo), Name: name, Kind: identity.DeliveryFirm})
	}
	m.World.Organizations = append(m.World.Organizations, m.carriers...)
}
