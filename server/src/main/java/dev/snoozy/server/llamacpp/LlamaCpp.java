package dev.snoozy.server.llamacpp;

import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.server.generate.ChatFields;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Handler;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.http.Routes;
import dev.snoozy.server.metrics.ServerMetrics;
import dev.snoozy.server.models.ModelPool;
import dev.snoozy.text.chat.ToolDefinition;

import java.util.List;

/** The interface that llama.cpp's server has of its own, as its clients use it. */
public final class LlamaCpp {
    private static final String PAGE =
            """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Snoozy</title></head>
            <body>
            <h1>Snoozy</h1>
            <p>This server answers clients of OpenAI, Anthropic, Ollama and llama.cpp.</p>
            <ul>
            <li><a href="/v1/models">Models</a></li>
            <li><a href="/health">Health</a></li>
            </ul>
            </body>
            </html>
            """;

    private final Service service;
    private final ServerMetrics metrics;

    private LlamaCpp(Service service) {
        this.service = service;
        metrics = new ServerMetrics(service.pool());
    }

    /** Adds the places of this dialect. */
    public static void addTo(Routes routes, Service service) {
        LlamaCpp own = new LlamaCpp(service);
        Properties properties = new Properties(service);
        Tokens tokens = new Tokens(service);
        Completion completion = new Completion(service);
        open(routes, "/health", own::health);
        open(routes, "/v1/health", own::health);
        if (service.llamaCpp().page()) {
            open(routes, "/", x -> x.text(200, "text/html", PAGE));
        }
        add(routes, "GET", "/props", properties::props);
        add(routes, "POST", "/props", refused("/props", "options are given at the start"));
        add(routes, "GET", "/slots", properties::slots);
        add(
                routes,
                "POST",
                "/slots/*",
                refused("/slots/ID", "texts are remembered in memory only"));
        add(routes, "GET", "/metrics", own::metrics);
        add(routes, "POST", "/tokenize", tokens::tokenize);
        add(routes, "POST", "/detokenize", tokens::detokenize);
        add(routes, "POST", "/apply-template", own::applyTemplate);
        add(routes, "POST", "/completion", completion::handle);
        add(routes, "POST", "/completions", completion::handle);
        add(routes, "POST", "/infill", refused("/infill", "there is no filling in the middle"));
        LoraAdapters adapters = new LoraAdapters(service);
        add(routes, "GET", "/lora-adapters", adapters::list);
        add(routes, "POST", "/lora-adapters", adapters::set);
    }

    private static void add(Routes routes, String method, String path, Handler handler) {
        routes.add(method, path, LlamaCppErrors::of, handler);
    }

    private static void open(Routes routes, String path, Handler handler) {
        routes.addOpen("GET", path, LlamaCppErrors::of, handler);
    }

    private static Handler refused(String path, String reason) {
        return exchange -> {
            throw new HttpProblem(Kind.NOT_SUPPORTED, path + " is not supported: " + reason);
        };
    }

    private void health(Exchange exchange) {
        if (service.llamaCpp().waitForModel() && service.pool().loaded().isEmpty()) {
            throw new HttpProblem(Kind.UNAVAILABLE, "Loading model");
        }
        exchange.json(Json.object().put("status", "ok"));
    }

    private void metrics(Exchange exchange) {
        if (!service.llamaCpp().metrics()) {
            throw new HttpProblem(
                    Kind.NOT_SUPPORTED, "/metrics is not answered; cure: start with --metrics");
        }
        exchange.text(200, "text/plain; version=0.0.4", metrics.text());
    }

    private void applyTemplate(Exchange exchange) {
        Fields fields = exchange.fields();
        try (ModelPool.Lease lease = service.pool().use(fields.string("model").orElse(""))) {
            LanguageModel model = Service.writer(lease);
            List<ToolDefinition> tools = ChatFields.tools(fields);
            ChatRequest request =
                    ChatRequest.of(ChatFields.messages(fields))
                            .withTools(tools, ChatFields.toolChoice(fields, tools), true);
            String prompt = Generations.asked(() -> model.render(request));
            exchange.json(Json.object().put("prompt", prompt));
        }
    }
}
