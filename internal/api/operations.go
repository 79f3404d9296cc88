//nolint:misspell // half of the texts are Portuguese
package api

import (
	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/product/spec"
)

// operation is one route: what it does and what is told of it. The router, the
// OpenAPI document and the documentation page are made from a list of these.
type operation struct {
	method  string
	path    string
	aliases []string // further paths of the same operation
	open    bool     // answers without credentials
	handle  func(*api, *call) error

	id            string
	tag           string
	title, about  spec.Text
	parameters    []parameter
	takesDocument bool
	body          any    // an example of another body that it takes; nil: none
	answer        any    // a value of the type of the 200 answer; nil: media says it
	media         string // its media type; "": application/json
	means         spec.Text
	failures      []int // the statuses beside 200 that are this operation's own
}

// parameter is a path, query or header parameter.
type parameter struct {
	in, name string
	kind     string // string, integer, boolean
	required bool
	about    spec.Text
}

var (
	submissionID = parameter{"path", "id", "string", true, spec.Text{PT: "requestId da submissão", EN: "the requestId of the submission"}}
	ifMatch      = parameter{"header", "If-Match", "string", false, spec.Text{PT: "o ETag do que foi editado: se há outra revisão, 412", EN: "the ETag of what was edited: 412 when there is another revision"}}
	reportID     = parameter{"path", "id", "string", true, spec.Text{PT: "productReportId do relatório", EN: "the productReportId of the report"}}
)

// operations returns every route.
func operations(analyticsPaths []string) []operation {
	return []operation{
		{
			method: "POST", path: DefaultAnalyticsPath, aliases: without(analyticsPaths, DefaultAnalyticsPath), handle: acceptDocument,
			id: "analyze", tag: "analytics",
			title: spec.Text{PT: "Enviar um documento", EN: "Send a document"},
			about: spec.Text{
				PT: "Recebe os dados de Open Finance de uma pessoa ou empresa em um documento JSON. A resposta 200 significa que o documento está gravado: os relatórios chegam depois, por webhook.",
				EN: "Takes one person's or company's Open Finance data as one JSON document. The answer 200 means that the document is durable: the reports follow by webhook.",
			},
			parameters: []parameter{
				{"header", "Idempotency-Key", "string", false, spec.Text{
					PT: "Repetir a chamada com a mesma chave e o mesmo corpo em até 24 horas devolve a primeira resposta; outro corpo: 409",
					EN: "Repeating the call with the same key and body within 24 hours gives the first answer again; another body: 409",
				}},
				{"header", "Prefer", "string", false, spec.Text{
					PT: "wait=N espera até N segundos (no máximo 30) pelos relatórios e devolve seus endereços",
					EN: "wait=N waits up to N seconds (at most 30) for the reports and returns where they are",
				}},
				{"header", "Content-Encoding", "string", false, spec.Text{PT: "gzip ou zstd", EN: "gzip or zstd"}},
			},
			takesDocument: true, answer: Receipt{},
			means:    spec.Text{PT: "O documento está gravado", EN: "The document is durable"},
			failures: []int{400, 408, 409, 413, 415, 416, 422, 503},
		},
		{
			method: "POST", path: CategoryPath, handle: categoriseLines,
			id: "categorise", tag: "categories",
			title: spec.Text{PT: "Categorizar lançamentos", EN: "Categorise transactions"},
			about: spec.Text{
				PT: "Devolve cada lançamento como foi enviado, com sua categoria em três níveis. Nada é gravado.",
				EN: "Gives every transaction back as it was sent, with its category in three levels. Nothing is stored.",
			},
			parameters: []parameter{
				{"query", "explain", "boolean", false, spec.Text{
					PT: "true acrescenta o porquê (código, etapa, regra, confiança) e o que mais o texto diz (estabelecimento, contraparte, parcela)",
					EN: "true adds the reason (code, tier, rule, confidence) and what else the text tells (merchant, counterparty, instalment)",
				}},
				{"query", "partial", "boolean", false, spec.Text{
					PT: "true responde os lançamentos bons; cada um com erro traz error no lugar da categoria",
					EN: "true answers the good transactions; each bad one has error in place of its category",
				}},
				{"header", "Content-Encoding", "string", false, spec.Text{PT: "gzip ou zstd", EN: "gzip or zstd"}},
			},
			body: exampleCategory, answer: CategoryAnswer{}, means: spec.Text{PT: "Os lançamentos categorizados", EN: "The transactions, categorised"},
			failures: []int{400, 404, 408, 413, 415, 422},
		},
		{
			method: "GET", path: "/klaas/v1/submissions", handle: listSubmissions,
			id: "listSubmissions", tag: "submissions",
			title: spec.Text{PT: "Listar submissões", EN: "List submissions"},
			about: spec.Text{PT: "As submissões da aplicação, da mais nova para a mais antiga.", EN: "The application's submissions, newest first."},
			parameters: []parameter{
				{"query", "limit", "integer", false, spec.Text{PT: "tamanho da página, de 1 a 200; padrão 50", EN: "size of the page, 1 to 200; default 50"}},
				{"query", "before", "string", false, spec.Text{PT: "só as recebidas antes deste momento (RFC 3339)", EN: "only those received before this moment (RFC 3339)"}},
			},
			answer: SubmissionList{}, means: spec.Text{PT: "Uma página", EN: "A page"}, failures: []int{400},
		},
		{
			method: "GET", path: "/klaas/v1/submissions/{id}", handle: showSubmission,
			id: "getSubmission", tag: "submissions",
			title:      spec.Text{PT: "Consultar uma submissão", EN: "Look at a submission"},
			about:      spec.Text{PT: "Estado, relatórios, entregas com cada tentativa, e produtos não enviados.", EN: "Its state, reports, deliveries with every attempt, and the products that were not sent."},
			parameters: []parameter{submissionID},
			answer:     SubmissionStatus{}, means: spec.Text{PT: "O estado", EN: "The status"}, failures: []int{404},
		},
		{
			method: "GET", path: "/klaas/v1/submissions/{id}/problems", handle: listProblems,
			id: "listProblems", tag: "submissions",
			title:      spec.Text{PT: "Problemas do documento", EN: "Problems of the document"},
			about:      spec.Text{PT: "O que foi deixado de fora ou lido com ressalva, com o caminho exato e como corrigir.", EN: "What was left out or read with a reservation, with the exact path and how to mend it."},
			parameters: []parameter{submissionID},
			answer:     ProblemList{}, means: spec.Text{PT: "Os problemas", EN: "The problems"}, failures: []int{404, 410},
		},
		{
			method: "GET", path: "/klaas/v1/reports/{id}", handle: pullReport,
			id: "getReport", tag: "reports",
			title:      spec.Text{PT: "Buscar um relatório", EN: "Pull a report"},
			about:      spec.Text{PT: "Exatamente os bytes assinados e enviados ao webhook.", EN: "Exactly the bytes that were signed and sent to the webhook."},
			parameters: []parameter{reportID},
			media:      "application/json", means: spec.Text{PT: "O relatório", EN: "The report"}, failures: []int{404, 410},
		},
		{
			method: "GET", path: "/klaas/v1/reports/{id}/evidence", handle: explainFigure,
			id: "getEvidence", tag: "reports",
			title: spec.Text{PT: "Por que este número", EN: "Why this number"},
			about: spec.Text{
				PT: "A fórmula de um número de um relatório analítico, a janela e tudo em que ele se apoia: cada lançamento com sua categoria, seu papel e o porquê, em qualquer versão do relatório. O relatório é refeito a partir do documento; se o documento foi apagado ou outra versão do klaas dá outros bytes, 410.",
				EN: "The formula of a number of an analytic report, its window and everything it rests on: each movement with its category, its role and the reasons, in any version of the report. The report is made again from the document; where that was erased, or another version of klaas gives other bytes, 410.",
			},
			parameters: []parameter{reportID, {"query", "pointer", "string", false, spec.Text{
				PT: "JSON Pointer do número, como /income/monthlyIncome; de um objeto ou lista: os números dentro dele; padrão: todos os do relatório",
				EN: "JSON pointer of the number, such as /income/monthlyIncome; of an object or list: the numbers inside; default: all of the report",
			}}},
			answer: klaas.Why{}, means: spec.Text{PT: "O que está por trás do número", EN: "What is behind the number"}, failures: []int{400, 404, 410},
		},
		{
			method: "GET", path: "/klaas/v1/products", handle: listProducts,
			id: "listProducts", tag: "catalogue",
			title:  spec.Text{PT: "Listar produtos", EN: "List products"},
			about:  spec.Text{PT: "Todos os produtos, com versões, seções lidas e esquemas.", EN: "Every product, with its versions, the sections it reads and its schemas."},
			answer: ProductList{}, means: spec.Text{PT: "O catálogo", EN: "The catalogue"},
		},
		{
			method: "GET", path: "/klaas/v1/products/{name}/schema", handle: showSchema,
			id: "getSchema", tag: "catalogue",
			title: spec.Text{PT: "JSON Schema de um relatório", EN: "JSON Schema of a report"},
			about: spec.Text{PT: "O esquema (2020-12) do relatório inteiro, como a aplicação o recebe.", EN: "The schema (2020-12) of the whole report, as the application gets it."},
			parameters: []parameter{
				{"path", "name", "string", true, spec.Text{PT: "nome do produto ou outro nome aceito", EN: "the product's name or another accepted name"}},
				{"query", "version", "string", false, spec.Text{PT: "V1, V1.1 ou V2; padrão: a primeira do produto", EN: "V1, V1.1 or V2; default: the product's first"}},
			},
			media: "application/schema+json", means: spec.Text{PT: "O esquema", EN: "The schema"}, failures: []int{400, 404},
		},
		{
			method: "GET", path: "/klaas/v1/taxonomy", handle: showTaxonomy,
			id: "getTaxonomy", tag: "catalogue",
			title:  spec.Text{PT: "Árvore de categorias", EN: "Category tree"},
			about:  spec.Text{PT: "Códigos, nomes e correspondência com Plaid, Pluggy e Belvo.", EN: "Codes, names and what they are called by Plaid, Pluggy and Belvo."},
			answer: Taxonomy{}, means: spec.Text{PT: "A árvore", EN: "The tree"},
		},
		{
			method: "GET", path: "/klaas/v1/rules", handle: listRules,
			id: "listRules", tag: "rules",
			title:  spec.Text{PT: "Listar regras", EN: "List rules"},
			about:  spec.Text{PT: "As regras da aplicação, na ordem em que são consultadas. O cabeçalho ETag traz a revisão.", EN: "The application's own rules, in the order in which they are asked. The header ETag has the revision."},
			answer: RuleList{}, means: spec.Text{PT: "As regras", EN: "The rules"},
		},
		{
			method: "PUT", path: "/klaas/v1/rules", handle: replaceRules,
			id: "replaceRules", tag: "rules",
			title: spec.Text{PT: "Substituir as regras", EN: "Replace the rules"},
			about: spec.Text{
				PT: "Grava a lista inteira como uma nova revisão; vale para o que for recebido depois. Se uma regra tem erro, nada muda.",
				EN: "Stores the whole list as a new revision; it counts for what is received from then on. When one rule is wrong, nothing changes.",
			},
			parameters: []parameter{ifMatch},
			body:       exampleRules, answer: RuleList{}, means: spec.Text{PT: "As regras gravadas", EN: "The rules as stored"}, failures: []int{400, 408, 412, 413, 415, 422},
		},
		{
			method: "POST", path: "/klaas/v1/rules/test", handle: testRule,
			id: "testRule", tag: "rules",
			title: spec.Text{PT: "Testar uma regra", EN: "Try a rule"},
			about: spec.Text{
				PT: "Mostra a categoria de cada lançamento sem a regra e com ela. Nada é gravado.",
				EN: "Shows the category of each entry without the rule and with it. Nothing is stored.",
			},
			body: exampleTest, answer: RuleTestResult{}, means: spec.Text{PT: "O que mudaria", EN: "What would change"}, failures: []int{400, 408, 413, 415, 422},
		},
		{
			method: "GET", path: "/klaas/v1/scorecard", handle: showScorecard,
			id: "showScorecard", tag: "scorecard",
			title:  spec.Text{PT: "Ver o scorecard", EN: "Show the scorecard"},
			about:  spec.Text{PT: "As faixas e os pontos do score da aplicação: os do klaas, se ela não tem os seus. O cabeçalho ETag traz a revisão.", EN: "Bands and points of the application's score: those of klaas where it has none of its own. The header ETag has the revision."},
			answer: Scorecard{}, means: spec.Text{PT: "O scorecard", EN: "The scorecard"},
		},
		{
			method: "PUT", path: "/klaas/v1/scorecard", handle: replaceScorecard,
			id: "replaceScorecard", tag: "scorecard",
			title: spec.Text{PT: "Usar um scorecard próprio", EN: "Use a scorecard of one's own"},
			about: spec.Text{
				PT: "Grava faixas e pontos como uma nova revisão; valem para o que for recebido depois. Se uma linha tem erro, nada muda.",
				EN: "Stores bands and points as a new revision; they count for what is received from then on. When one row is wrong, nothing changes.",
			},
			parameters: []parameter{ifMatch},
			body:       exampleScorecard(), answer: Scorecard{}, means: spec.Text{PT: "O scorecard gravado", EN: "The scorecard as stored"}, failures: []int{400, 408, 412, 413, 415, 422},
		},
		{
			method: "DELETE", path: "/klaas/v1/scorecard", handle: resetScorecard,
			id: "resetScorecard", tag: "scorecard",
			title: spec.Text{PT: "Voltar ao scorecard do klaas", EN: "Return to the scorecard of klaas"},
			about: spec.Text{
				PT: "Remove o scorecard próprio da aplicação em uma nova revisão.",
				EN: "Removes the application's own scorecard in a new revision.",
			},
			parameters: []parameter{ifMatch},
			answer:     Scorecard{}, means: spec.Text{PT: "O scorecard do klaas", EN: "The scorecard of klaas"}, failures: []int{400, 412},
		},
		{
			method: "GET", path: "/healthz", open: true, handle: showHealth,
			id: "health", tag: "operation",
			title:  spec.Text{PT: "O processo vive", EN: "The process lives"},
			about:  spec.Text{PT: "Responde enquanto o processo vive.", EN: "Answers as long as the process lives."},
			answer: Health{}, means: spec.Text{PT: "Vive", EN: "It lives"},
		},
		{
			method: "GET", path: "/readyz", open: true, handle: showReady,
			id: "ready", tag: "operation",
			title:  spec.Text{PT: "O servidor aceita documentos", EN: "The server takes documents"},
			about:  spec.Text{PT: "503 quando o banco de dados não responde ou não grava, ou o servidor está parando.", EN: "503 when the database does not answer or does not take writes, or the server is about to stop."},
			answer: Health{}, means: spec.Text{PT: "Aceita", EN: "It does"}, failures: []int{503},
		},
		{
			method: "GET", path: "/openapi.json", open: true, handle: showOpenAPI,
			id: "openapi", tag: "operation",
			title: spec.Text{PT: "Documento OpenAPI 3.1", EN: "OpenAPI 3.1 document"},
			about: spec.Text{PT: "Esta API, para programas.", EN: "This API, for programs."},
			media: "application/json", means: spec.Text{PT: "O documento", EN: "The document"},
		},
		{
			method: "GET", path: "/docs", open: true, handle: showDocs,
			id: "docs", tag: "operation",
			title: spec.Text{PT: "Esta página", EN: "This page"},
			about: spec.Text{PT: "Esta API, para pessoas.", EN: "This API, for people."},
			media: "text/html", means: spec.Text{PT: "A página", EN: "The page"},
		},
	}
}

func without(list []string, drop string) []string {
	var kept []string
	for _, s := range list {
		if s != drop {
			kept = append(kept, s)
		}
	}
	return kept
}

// status is an HTTP status with what it means here.
type status struct {
	code  int
	about spec.Text
}

// statuses are what a caller can meet. Those marked everywhere apply to every
// operation with credentials.
var statuses = []status{
	{400, spec.Text{PT: "JSON inválido (com a posição em bytes), cabeçalho ou parâmetro inválido", EN: "Broken JSON (with the byte offset), or a bad header or parameter"}},
	{401, spec.Text{PT: "Credenciais ausentes, desconhecidas, vencidas ou revogadas", EN: "Credentials missing, unknown, expired or revoked"}},
	{404, spec.Text{PT: "Não existe, ou é de outra aplicação", EN: "Does not exist, or is another application's"}},
	{408, spec.Text{PT: "O corpo parou de chegar", EN: "The body stopped coming"}},
	{409, spec.Text{PT: "Idempotency-Key já usada com outro corpo", EN: "Idempotency-Key used before with another body"}},
	{410, spec.Text{PT: "Foi apagado", EN: "Was erased"}},
	{412, spec.Text{PT: "If-Match não é a revisão mais nova", EN: "If-Match is not the newest revision"}},
	{413, spec.Text{PT: "Corpo grande demais, comprimido ou expandido, lançamentos demais ou regras demoradas demais para eles", EN: "The body is too large, compressed or expanded, has too many transactions, or the rules take too long for them"}},
	{415, spec.Text{PT: "Content-Type ou Content-Encoding não aceito", EN: "Content-Type or Content-Encoding not accepted"}},
	{416, spec.Text{PT: "Código de negócio em statusCode: 4002 produto desconhecido ou não contratado, 4005 lista vazia, 4006 productsCallbackURL inválida", EN: "Business code in statusCode: 4002 product unknown or not switched on, 4005 empty list, 4006 bad productsCallbackURL"}},
	{422, spec.Text{PT: "O documento inteiro não pode ser usado; errors traz todas as causas", EN: "The document as a whole cannot be used; errors has every cause"}},
	{500, spec.Text{PT: "Falha do klaas: informe o requestId ao operador", EN: "A fault of klaas: tell the operator the requestId"}},
	{503, spec.Text{PT: "Sem memória ou banco de dados agora; tente depois de Retry-After segundos. Nada foi gravado", EN: "No memory or database now; try again after Retry-After seconds. Nothing was stored"}},
}

// failuresOf returns the statuses beside 200 of an operation, in order.
func (o *operation) failuresOf() []status {
	var list []status
	for _, s := range statuses {
		own := false
		for _, code := range o.failures {
			own = own || code == s.code
		}
		if own || !o.open && (s.code == 401 || s.code == 500 || s.code == 503) {
			list = append(list, s)
		}
	}
	return list
}

// tags are the chapters of the documentation.
var tags = []struct {
	name  string
	about spec.Text
}{
	{"analytics", spec.Text{PT: "Enviar dados", EN: "Send data"}},
	{"categories", spec.Text{PT: "Categorizar", EN: "Categorise"}},
	{"submissions", spec.Text{PT: "Submissões", EN: "Submissions"}},
	{"reports", spec.Text{PT: "Relatórios", EN: "Reports"}},
	{"rules", spec.Text{PT: "Regras próprias", EN: "Own rules"}},
	{"scorecard", spec.Text{PT: "Scorecard", EN: "Scorecard"}},
	{"catalogue", spec.Text{PT: "Catálogo", EN: "Catalogue"}},
	{"operation", spec.Text{PT: "Operação", EN: "Operation"}},
}
