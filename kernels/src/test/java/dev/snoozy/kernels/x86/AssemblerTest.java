package dev.snoozy.kernels.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.kernels.x86.Vec.Width;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Every instruction in every form, against the bytes that GNU as gives for its text. The resource
 * {@code encodings.txt} has a line {@code text | bytes} for each.
 */
class AssemblerTest {
    private static final Set<VectorOp> ONE_SOURCE =
            EnumSet.of(
                    VectorOp.VMOVUPS,
                    VectorOp.VBROADCASTSS,
                    VectorOp.VPBROADCASTD,
                    VectorOp.VPBROADCASTW,
                    VectorOp.VPMOVZXBW,
                    VectorOp.VPMOVSXBW,
                    VectorOp.VPMOVZXBD,
                    VectorOp.VPMOVSXBD,
                    VectorOp.VPMOVZXWD,
                    VectorOp.VPABSB,
                    VectorOp.VCVTDQ2PS,
                    VectorOp.VCVTPS2DQ,
                    VectorOp.VCVTPH2PS,
                    VectorOp.VPSHUFD,
                    VectorOp.VPERMILPS);
    private static final Set<VectorOp> SHIFTS =
            EnumSet.of(
                    VectorOp.VPSRLW,
                    VectorOp.VPSRLD,
                    VectorOp.VPSRAD,
                    VectorOp.VPSLLW,
                    VectorOp.VPSLLD);
    private static final Set<VectorOp> WITH_CONSTANT =
            EnumSet.of(
                    VectorOp.VPSHUFD, VectorOp.VPERMILPS, VectorOp.VPERM2F128, VectorOp.VSHUFF32X4);
    private static final Set<VectorOp> TWO_DOUBLES =
            EnumSet.of(VectorOp.VSQRTPD, VectorOp.VDIVPD, VectorOp.VCVTPS2PD, VectorOp.VCVTPD2PS);

    /** Bases whose low bits are those of RSP and RBP need a byte more. */
    private static final Mem[] PLACES = {
        Gpr.RDI.at(0),
        Gpr.RSI.at(64),
        Gpr.RBP.at(-128),
        Gpr.RSP.at(8128),
        Gpr.R12.at(8192),
        Gpr.R13.at(4),
        Gpr.R8.at(100_000),
    };

    @Test
    void everyFormHasTheBytesOfAnOutsideAssembler() throws IOException {
        Map<String, String> expected = expected();
        Map<String, byte[]> found = found();
        found.forEach((text, code) ->
                assertThat(HexFormat.of().formatHex(code)).as(text).isEqualTo(expected.get(text)));
        assertThat(found.keySet()).isEqualTo(expected.keySet());
    }

    @Test
    void aBroadcastThatAnInstructionHasNotIsRefused() {
        assertThatThrownBy(() ->
                        new Assembler()
                                .op(
                                        VectorOp.VPSHUFB,
                                        Vec.zmm(0),
                                        Vec.zmm(1),
                                        Gpr.RDI.at(0).toAllLanes()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("VPSHUFB cannot broadcast from memory");
    }

    @Test
    void aJumpReachesItsLabel() {
        Assembler a = new Assembler();
        a.mov(Gpr.RCX, Gpr.RDI);
        Assembler.Label loop = a.label(8);
        a.sub(Gpr.RCX, 1);
        a.jumpIfNotZero(loop);
        a.jumpIfPositive(loop);
        a.ret();
        assertThat(HexFormat.of().formatHex(a.code()))
                .isEqualTo("4889f990909090904881e9010000000f85f3ffffff0f8fedffffffc3");
    }

    @Test
    void aJumpForwardReachesItsPlace() {
        Assembler a = new Assembler();
        Assembler.Label start = a.label(1);
        a.sub(Gpr.RCX, 1);
        Assembler.Skip skip = a.skipIfNegative();
        a.jump(start);
        a.land(skip);
        a.ret();
        assertThat(HexFormat.of().formatHex(a.code()))
                .isEqualTo("4881e9010000000f8c05000000e9eeffffffc3");
    }

    /** All forms, by their text in Intel syntax. */
    static Map<String, byte[]> found() {
        Map<String, byte[]> found = new LinkedHashMap<>();
        for (VectorOp op : VectorOp.values()) {
            if (SHIFTS.contains(op)) {
                shifts(op, found);
            } else if (TWO_DOUBLES.contains(op)) {
                doubles(op, found);
            } else if (op == VectorOp.VMOVD) {
                put(found, "vmovd xmm9, [rsi+64]", a -> a.op(op, Vec.xmm(9), PLACES[1]));
            } else if (op != VectorOp.VCVTPS2PH && op != VectorOp.VCVTNEPS2BF16) {
                vectors(op, found);
            }
        }
        put(found, "vcvtneps2bf16 ymm16, zmm27", a -> a.roundToBf16(Vec.ymm(16), Vec.zmm(27)));
        put(found, "vcvtneps2bf16 ymm9, zmm3", a -> a.roundToBf16(Vec.ymm(9), Vec.zmm(3)));
        for (Mem place : PLACES) {
            put(found, "vmovups " + text(place) + ", zmm19", a -> a.store(place, Vec.zmm(19)));
            put(found, "vmovups " + text(place) + ", ymm11", a -> a.store(place, Vec.ymm(11)));
            put(
                    found,
                    "vmovd dword ptr " + text(place) + ", xmm11",
                    a -> a.storeLowest(place, Vec.xmm(11)));
            put(found, "mov r9d, " + text(place), a -> a.movInt(Gpr.R9, place));
            put(found, "prefetcht0 " + text(place), a -> a.prefetch(place));
            for (Vec vec : new Vec[] {Vec.zmm(19), Vec.ymm(11), Vec.xmm(3)}) {
                String text = "vcvtps2ph " + text(place) + ", " + text(vec) + ", 0";
                put(found, text, a -> a.storeHalves(place, vec));
            }
            put(found, "mov " + text(place) + ", r10w", a -> a.movShort(place, Gpr.R10));
            put(found, "mov " + text(place) + ", r10b", a -> a.movByte(place, Gpr.R10));
            put(found, "mov r9, " + text(place), a -> a.mov(Gpr.R9, place));
            put(found, "add r9, " + text(place), a -> a.add(Gpr.R9, place));
            put(found, "mov " + text(place) + ", rdx", a -> a.mov(place, Gpr.RDX));
            put(found, "mov " + text(place) + ", r10d", a -> a.movInt(place, Gpr.R10));
        }
        for (Gpr r : new Gpr[] {Gpr.RCX, Gpr.RSI, Gpr.R8, Gpr.R15}) {
            String name = r.name().toLowerCase(Locale.ROOT);
            put(found, "mov " + name + ", rbx", a -> a.mov(r, Gpr.RBX));
            put(found, "mov r11, " + name, a -> a.mov(Gpr.R11, r));
            put(found, "add " + name + ", r14", a -> a.add(r, Gpr.R14));
            put(found, "sub " + name + ", r14", a -> a.sub(r, Gpr.R14));
            put(found, "add " + name + ", 1000000", a -> a.add(r, 1_000_000));
            put(found, "sub " + name + ", -1000000", a -> a.sub(r, -1_000_000));
            put(found, "call " + name, a -> a.call(r));
            put(found, "imul " + name + ", " + name + ", 1000000", a -> a.multiply(r, 1_000_000));
            put(found, "push " + name, a -> a.push(r));
            put(found, "pop " + name, a -> a.pop(r));
        }
        put(found, "cpuid", Assembler::cpuid);
        put(found, "xgetbv", Assembler::xgetbv);
        put(found, "vzeroupper", Assembler::vzeroupper);
        put(found, "ret", Assembler::ret);
        return found;
    }

    private static void shifts(VectorOp op, Map<String, byte[]> found) {
        for (Vec[] pair :
                new Vec[][] {
                    {Vec.zmm(1), Vec.zmm(2)},
                    {Vec.zmm(25), Vec.zmm(14)},
                    {Vec.ymm(3), Vec.ymm(12)}
                }) {
            String text = name(op, pair[0], pair[1]) + text(pair[0]) + ", " + text(pair[1]) + ", 4";
            put(found, text, a -> a.shift(op, pair[0], pair[1], 4));
        }
    }

    private static void doubles(VectorOp op, Map<String, byte[]> found) {
        Vec to = Vec.xmm(9);
        Vec last = Vec.xmm(14);
        String name = op.name().toLowerCase(Locale.ROOT) + " ";
        if (op == VectorOp.VDIVPD) {
            put(found, name + "xmm9, xmm3, xmm14", a -> a.op(op, to, Vec.xmm(3), last));
        } else {
            put(found, name + "xmm9, xmm14", a -> a.op(op, to, last));
        }
    }

    private static void vectors(VectorOp op, Map<String, byte[]> found) {
        boolean one = ONE_SOURCE.contains(op);
        for (Width width : new Width[] {Width.ZMM, Width.YMM}) {
            Width only = op.form() == VectorOp.Form.VEX ? Width.YMM : Width.ZMM;
            if (op.form() != VectorOp.Form.BOTH && width != only) {
                continue;
            }
            int high = width == Width.ZMM ? 16 : 0;
            Vec to = new Vec(high + 9, width);
            Vec source = new Vec(high / 2 + 6, width);
            for (Vec last : new Vec[] {last(op, 3, width), last(op, high + 13, width)}) {
                vector(op, one, to, source, last, found);
            }
            for (Mem place : PLACES) {
                vector(op, one, to, source, place, found);
                if (op.canBroadcast() && width == Width.ZMM) {
                    vector(op, one, to, source, place.toAllLanes(), found);
                }
            }
        }
    }

    /** The last source, which some instructions read only a part of. */
    private static Vec last(VectorOp op, int index, Width width) {
        int bytes = op.memoryBytes(width, false);
        return new Vec(index, bytes <= 16 ? Width.XMM : bytes == 32 ? Width.YMM : Width.ZMM);
    }

    private static void vector(
            VectorOp op, boolean one, Vec to, Vec source, Operand last, Map<String, byte[]> found) {
        String sources = one ? text(to, last) : text(source) + ", " + text(to, last);
        String text = name(op, to, last) + text(to) + ", " + sources;
        if (WITH_CONSTANT.contains(op)) {
            int constant = 0x4E;
            put(
                    found,
                    text + ", " + constant,
                    one
                            ? a -> a.op(op, to, last, constant)
                            : a -> a.op(op, to, source, last, constant));
        } else {
            put(found, text, one ? a -> a.op(op, to, last) : a -> a.op(op, to, source, last));
        }
    }

    private static void withConstant(
            VectorOp op, boolean one, Vec to, Vec source, Operand last, Map<String, byte[]> found) {
        String text = name(op, to, last) + text(to) + ", ";
        if (one) {
            put(found, text + text(to, last) + ", 177", a -> a.op(op, to, last, 177));
        } else {
            put(
                    found,
                    text + text(source) + ", " + text(to, last) + ", 177",
                    a -> a.op(op, to, source, last, 177));
        }
    }

    private static String name(VectorOp op, Vec to, Operand last) {
        String name = op.name().toLowerCase(Locale.ROOT);
        boolean evex = to.width() == Width.ZMM || (last instanceof Vec v && v.index() > 15);
        boolean logic = name.matches("vp(and|andn|or|xor)");
        boolean vnni = name.startsWith("vpdp") && !evex;
        return (vnni ? "{vex} " : "") + (evex && logic ? name + "d" : name) + " ";
    }

    private static String text(Vec to, Operand last) {
        return switch (last) {
            case Vec vec -> text(vec);
            case Mem mem -> {
                String lanes = "{1to" + to.width().bytes() / 4 + "}";
                yield mem.broadcast() ? "dword ptr " + text(mem) + lanes : text(mem);
            }
        };
    }

    private static String text(Vec vec) {
        return vec.width().name().toLowerCase(Locale.ROOT) + vec.index();
    }

    private static String text(Mem mem) {
        String base = mem.base().name().toLowerCase(Locale.ROOT);
        return "[" + base + (mem.displacement() < 0 ? "" : "+") + mem.displacement() + "]";
    }

    private static void put(Map<String, byte[]> found, String text, Consumer<Assembler> write) {
        Assembler assembler = new Assembler();
        write.accept(assembler);
        found.put(text, assembler.code());
    }

    private static Map<String, String> expected() throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        try (InputStream in = AssemblerTest.class.getResourceAsStream("encodings.txt")) {
            if (in == null) {
                throw new AssertionError("no encodings.txt");
            }
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> {
                        int bar = line.indexOf(" | ");
                        expected.put(line.substring(0, bar), line.substring(bar + 3));
                    });
        }
        return expected;
    }
}
