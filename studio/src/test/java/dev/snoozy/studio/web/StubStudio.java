package dev.snoozy.studio.web;

import dev.snoozy.server.http.ApiKeys;
import dev.snoozy.server.http.ErrorShape;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Guard;
import dev.snoozy.server.http.HttpLimits;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.RequestLog;
import dev.snoozy.server.http.Routes;
import dev.snoozy.server.http.WebServer;
import dev.snoozy.studio.api.ApiErrors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;

/**
 * A server with the studio's page whose "model" says what {@link Script} tells it: anything at all,
 * at once and always the same, which no real model can be made to do.
 */
final class StubStudio implements AutoCloseable {
    static final ErrorShape ERRORS = ApiErrors::of;

    private static final String API = StaticFiles.BASE + "api/";

    final StubState state = new StubState();
    final StubChats chats = new StubChats(state);
    final StubLab lab = new StubLab(state);
    final StubMachine machine = new StubMachine(state);
    final StubTune tune = new StubTune(machine);
    final StubEvaluate evaluate = new StubEvaluate(machine);
    private final List<StubPart> parts =
            List.of(
                    chats,
                    lab,
                    machine,
                    tune,
                    evaluate,
                    new StubCook(machine),
                    new StubHub(),
                    new StubDocuments(),
                    new StubData());
    private final WebServer web;

    StubStudio() {
        Routes routes = new Routes(ERRORS);
        for (String method : List.of("GET", "POST", "PATCH", "DELETE")) {
            routes.add(method, API + "*", ERRORS, this::answer);
        }
        new StaticFiles().addTo(routes, ERRORS);
        try {
            web =
                    new WebServer(
                            "127.0.0.1",
                            0,
                            routes,
                            new Guard(false, List.of(), List.of(), ApiKeys.none()),
                            new RequestLog(),
                            HttpLimits.defaults(),
                            Duration.ofMillis(200));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the page is. */
    String url() {
        return "http://127.0.0.1:" + web.port() + StaticFiles.BASE;
    }

    private void answer(Exchange exchange) {
        String path = exchange.path().substring(API.length());
        for (StubPart part : parts) {
            for (StubPart.Place place : part.places()) {
                Matcher matcher = place.path().matcher(path);
                if (place.method().equals(exchange.method()) && matcher.matches()) {
                    place.handler().answer(exchange, matcher);
                    return;
                }
            }
        }
        throw new HttpProblem(Kind.NOT_FOUND, "there is nothing at this path");
    }

    @Override
    public void close() {
        state.stopAll();
        web.close();
    }
}
