package dev.snoozy.compress;

import dev.snoozy.format.TensorInfo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which tensors are probed together. In a small model each by itself; in a larger one those of the
 * same name in a few neighbouring layers, which behave alike; but the first layer and the last one,
 * which do not, stay by themselves.
 */
final class ProbeGroups {
    /** Each group costs a reading of the probe. */
    private static final int MOST = 48;

    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,6})\\.(.*)");

    private ProbeGroups() {}

    static List<List<TensorInfo>> of(List<TensorInfo> tensors) {
        Map<String, List<TensorInfo>> kinds = new LinkedHashMap<>();
        for (TensorInfo tensor : tensors) {
            Matcher layer = LAYER.matcher(tensor.name());
            String kind = layer.matches() ? layer.group(2) : tensor.name();
            kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(tensor);
        }
        long layered = kinds.values().stream().filter(kind -> kind.size() > 1).count();
        long single = kinds.size() - layered;
        boolean apart = tensors.size() <= MOST;
        int bands = (int) Math.max(3, (MOST - single) / Math.max(1, layered));
        List<List<TensorInfo>> groups = new ArrayList<>();
        for (List<TensorInfo> kind : kinds.values()) {
            split(kind, apart ? kind.size() : Math.min(kind.size(), bands), groups);
        }
        return groups;
    }

    /** The first, the last, and what is between in parts of one size. */
    private static void split(List<TensorInfo> kind, int bands, List<List<TensorInfo>> groups) {
        int count = kind.size();
        if (bands >= count) {
            kind.forEach(tensor -> groups.add(List.of(tensor)));
            return;
        }
        groups.add(kind.subList(0, 1));
        int inner = bands - 2;
        for (int i = 0; i < inner; i++) {
            int from = 1 + i * (count - 2) / inner;
            int to = 1 + (i + 1) * (count - 2) / inner;
            groups.add(kind.subList(from, to));
        }
        groups.add(kind.subList(count - 1, count));
    }
}
