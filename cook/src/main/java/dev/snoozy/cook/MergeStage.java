package dev.snoozy.cook;

import dev.snoozy.engine.AdapterSource;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.Sha256;
import dev.snoozy.kernels.Precision;
import dev.snoozy.tune.Merge;
import dev.snoozy.tune.Parity;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** From a base and an adapter to the tuned model, compared with the two. */
final class MergeStage implements Stage {
    static final String NAME = "merge";
    static final String MODEL = "tuned.gguf";
    static final String PARITY = "parity.json";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path base;
    private final Path adapter;
    private final int threads;
    private final String key;

    MergeStage(Path base, String baseDigest, Path adapter, String adapterDigest, int threads) {
        this.base = base;
        this.adapter = adapter;
        this.threads = threads;
        key = Sha256.of(String.join("\n", "merge 1", baseDigest, adapterDigest));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public List<String> run(Path folder, boolean goesOn, CookListener listener) throws IOException {
        List<AdapterSource> adapters = List.of(new AdapterSource(adapter, 1));
        Path target = folder.resolve(MODEL);
        long all = Files.size(base);
        long[] done = {0};
        Pace pace = new Pace();
        int changed =
                new Merge(base, adapters)
                        .write(
                                target,
                                null,
                                bytes -> {
                                    done[0] += bytes;
                                    listener.progress("merging" + pace.text(done[0], all));
                                });
        listener.progress("comparing");
        LoadOptions exact =
                LoadOptions.defaults().withPrecision(Precision.F32).withThreads(threads);
        Parity parity = Parity.of(base, adapters, target, exact);
        double bound = Parity.bound(null);
        if (!(parity.divergence() <= bound)) {
            throw new CookException(
                    "the merged model differs from base and adapter by a mean divergence of "
                            + parity.divergence()
                            + " nats, expected at most "
                            + bound
                            + "; cure: a base in F32, whose changed matrices stay F32");
        }
        ObjectNode node =
                JSON.createObjectNode()
                        .put("matrices", changed)
                        .put("tokens", parity.tokens())
                        .put("divergence", parity.divergence())
                        .put("bound", bound)
                        .put("largest_difference", parity.largest())
                        .put("same_choice", parity.sameChoice());
        StageFolder.writeText(folder.resolve(PARITY), node.toPrettyString() + "\n");
        return List.of(MODEL, PARITY);
    }
}
