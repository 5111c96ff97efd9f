package dev.snoozy.server.openai;

import dev.snoozy.server.http.ApiKeys;
import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Guard;
import dev.snoozy.server.http.Handler;
import dev.snoozy.server.http.HttpLimits;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.http.RequestLog;
import dev.snoozy.server.http.Routes;
import dev.snoozy.server.http.WebServer;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A server whose chat always calls tools, or always fails, in the framing of the real one. */
final class ToolCallStub implements AutoCloseable {
    private static final String CHUNK =
            "{'id':'chatcmpl-1','object':'chat.completion.chunk','created':1,'model':'tiny',"
                    + "'choices':[{'index':0,'delta':{%s},'logprobs':null,'finish_reason':%s}]}";

    private final WebServer server;

    private ToolCallStub(Handler handler) throws IOException {
        Routes routes = new Routes(OpenAiErrors::of);
        routes.add("POST", "/v1/chat/completions", OpenAiErrors::of, handler);
        server =
                new WebServer(
                        "127.0.0.1",
                        0,
                        routes,
                        new Guard(false, List.of(), List.of(), ApiKeys.none()),
                        new RequestLog(),
                        HttpLimits.defaults(),
                        Duration.ofSeconds(1));
    }

    /** Calls the tool "weather" for two cities. */
    static ToolCallStub start() throws IOException {
        return new ToolCallStub(ToolCallStub::call);
    }

    /** Begins and fails. */
    static ToolCallStub failing() throws IOException {
        return new ToolCallStub(exchange -> {
            EventStream events = exchange.events();
            send(events, "'role':'assistant','content':''", "null");
            events.data(OpenAiErrors.of(new HttpProblem(HttpProblem.Kind.FAILED, "meant to fail")));
            events.end();
        });
    }

    private static void call(Exchange exchange) {
        EventStream events = exchange.events();
        send(events, "'role':'assistant','content':''", "null");
        String[] cities = {"Rome", "Oslo"};
        for (int i = 0; i < cities.length; i++) {
            send(
                    events,
                    "'tool_calls':[{'index':"
                            + i
                            + ",'id':'call_"
                            + i
                            + "','type':'function','function':{'name':'weather','arguments':''}}]",
                    "null");
            send(events, arguments(i, "{\\'city\\':"), "null");
            send(events, arguments(i, "\\'" + cities[i] + "\\'}"), "null");
        }
        send(events, "", "'tool_calls'");
        events.done();
        events.end();
    }

    private static String arguments(int index, String fragment) {
        return "'tool_calls':[{'index':" + index + ",'function':{'arguments':'" + fragment + "'}}]";
    }

    private static void send(EventStream events, String delta, String finish) {
        events.data(Json.parse(CHUNK.formatted(delta, finish).replace('\'', '"')));
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
