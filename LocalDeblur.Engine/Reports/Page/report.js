"use strict";

// The page is complete without this script: pictures stand for both viewers. They give way only once the voxels are unpacked and drawn.
(() => {
  const byId = id => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const [nx, ny, nz] = data.size;
  const count = { x: nx, y: ny, z: nz };
  const axes = ["x", "y", "z"];

  // Which axis runs to the right and which upwards in a slice across each.
  const planes = { z: ["x", "y"], y: ["x", "z"], x: ["y", "z"] };

  // Values lie in the page as differences along each row, deflated, in Base64.
  async function unpack(id) {
    const element = byId(id);
    if (!element) {
      return null;
    }
    const packed = Uint8Array.from(atob(element.textContent.trim()), sign => sign.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    const values = new Uint8Array(await new Response(stream).arrayBuffer());
    for (let i = 0; i < values.length; i++) {
      if (i % nx !== 0) {
        values[i] += values[i - 1];
      }
    }
    return values;
  }

  const number = (value, digits = 3) => Number.isFinite(value) ? Number(value.toPrecision(digits)).toString().replace("-", "−") : "none";
  const densityOf = (map, level) => map.low + (level / 255) * (map.high - map.low);
  const resolutionOf = level => data.resolution.finest + ((level - 1) / 254) * (data.resolution.coarsest - data.resolution.finest);
  const voxelOf = (axis, texel) => Math.round(data.first[axes.indexOf(axis)] + (texel + 0.5) * data.step - 0.5);
  const palette = data.palette.map(color => [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16)));

  function colorOf(share) {
    const place = Math.min(Math.max(share, 0), 1) * (palette.length - 1);
    const below = Math.min(Math.floor(place), palette.length - 2);
    return palette[below].map((from, i) => from + (place - below) * (palette[below + 1][i] - from));
  }

  function tell(sentence) {
    const note = byId("viewer-note");
    note.textContent = sentence;
    note.hidden = false;
  }

  // ---- Slices: both maps at one place, side by side.
  function startSlices(voxels, mask, resolution) {
    const place = { x: nx >> 1, y: ny >> 1, z: nz >> 1 };
    const sides = [
      { canvas: byId("slice-left"), caption: byId("caption-left"), map: "before" },
      { canvas: byId("slice-right"), caption: byId("caption-right"), map: "after" },
    ];
    let across = "z";
    let waiting = false;
    const offset = at => at.x + nx * (at.y + ny * at.z);
    const showsOutline = byId("show-outline");
    const showsResolution = byId("show-resolution");
    byId("show-resolution-label").hidden = !resolution;

    function redraw() {
      if (!waiting) {
        waiting = true;
        requestAnimationFrame(() => {
          waiting = false;
          draw();
        });
      }
    }

    function draw() {
      const [right, up] = planes[across];
      const width = count[right];
      const height = count[up];
      for (const side of sides) {
        const map = data.maps[side.map];
        const image = new ImageData(width, height);
        const at = { ...place };
        for (let v = 0; v < height; v++) {
          at[up] = height - 1 - v;
          for (let u = 0; u < width; u++) {
            at[right] = u;
            const i = offset(at);
            const shade = 255 * (densityOf(map, voxels[side.map][i]) - map.dark) / (map.bright - map.dark);
            let pixel = [shade, shade, shade];
            if (showsResolution.checked && resolution && resolution[i] > 0) {
              const color = colorOf((resolution[i] - 1) / 254);
              const light = Math.min(Math.max(shade / 255, 0), 1);
              pixel = color.map(channel => channel * (0.25 + 0.75 * light) + 40 * light);
            }
            image.data.set([...pixel, 255], 4 * (v * width + u));
          }
        }
        paint(side, image, width, height, right, up);
      }
      for (const axis of axes) {
        byId("place-" + axis).value = place[axis];
        byId("voxel-" + axis).textContent = voxelOf(axis, place[axis]);
      }
      document.body.dataset.slices = [across, place.x, place.y, place.z, sides[0].map].join(" ");
    }

    function paint(side, image, width, height, right, up) {
      const canvas = side.canvas;
      const shown = Math.max(200, canvas.clientWidth) * Math.min(window.devicePixelRatio || 1, 2);
      const scale = shown / width;
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      canvas.style.aspectRatio = width + " / " + height;
      const small = new OffscreenCanvas(width, height);
      small.getContext("2d").putImageData(image, 0, 0);
      const pen = canvas.getContext("2d");
      pen.imageSmoothingEnabled = true;
      pen.imageSmoothingQuality = "high";
      pen.drawImage(small, 0, 0, canvas.width, canvas.height);
      if (showsOutline.checked) {
        outline(pen, width, height, scale, right, up);
      }
      cross(pen, canvas, scale, height, right, up);
      bar(pen, canvas, scale);
      side.caption.textContent = data.maps[side.map].name + ", " + (right + up).toUpperCase() + ", " + across + " = " + voxelOf(across, place[across]);
      canvas.setAttribute("aria-label", "Slice: " + side.caption.textContent);
    }

    // Along the borders between texels inside and outside.
    function outline(pen, width, height, scale, right, up) {
      const at = { ...place };
      const inside = (u, v) => {
        at[right] = u;
        at[up] = height - 1 - v;
        return mask[offset(at)] > 0;
      };
      pen.beginPath();
      for (let v = 0; v < height; v++) {
        for (let u = 0; u < width; u++) {
          const here = inside(u, v);
          if (u + 1 < width && here !== inside(u + 1, v)) {
            pen.moveTo((u + 1) * scale, v * scale);
            pen.lineTo((u + 1) * scale, (v + 1) * scale);
          }
          if (v + 1 < height && here !== inside(u, v + 1)) {
            pen.moveTo(u * scale, (v + 1) * scale);
            pen.lineTo((u + 1) * scale, (v + 1) * scale);
          }
        }
      }
      pen.lineWidth = Math.max(1.5, scale / 4);
      pen.strokeStyle = "#e69f00";
      pen.stroke();
    }

    function cross(pen, canvas, scale, height, right, up) {
      const x = (place[right] + 0.5) * scale;
      const y = (height - 0.5 - place[up]) * scale;
      const gap = 8;
      pen.beginPath();
      for (const [fromX, fromY, toX, toY] of [[0, y, x - gap, y], [x + gap, y, canvas.width, y], [x, 0, x, y - gap], [x, y + gap, x, canvas.height]]) {
        pen.moveTo(fromX, fromY);
        pen.lineTo(toX, toY);
      }
      pen.lineWidth = 1;
      pen.strokeStyle = "rgba(86, 180, 233, 0.6)";
      pen.stroke();
    }

    // A round length in Å, no longer than a third of the slice.
    function bar(pen, canvas, scale) {
      const perAngstrom = scale / (data.step * data.voxel);
      const longest = canvas.width / 3 / perAngstrom;
      const power = 10 ** Math.floor(Math.log10(longest));
      const length = power * (longest / power >= 5 ? 5 : longest / power >= 2 ? 2 : 1);
      const size = Math.max(12, canvas.width / 26);
      const text = number(length) + " Å";
      pen.font = size + "px sans-serif";
      const wide = Math.max(length * perAngstrom, pen.measureText(text).width);
      pen.fillStyle = "rgba(0, 0, 0, 0.6)";
      pen.fillRect(0, canvas.height - 2.1 * size, wide + size, 2.1 * size);
      pen.fillStyle = "#fff";
      pen.fillText(text, size / 2, canvas.height - size);
      pen.fillRect(size / 2, canvas.height - 0.7 * size, length * perAngstrom, Math.max(2, size / 5));
    }

    function say(at, isPolite) {
      const i = offset(at);
      const parts = axes.map(axis => axis + " " + voxelOf(axis, at[axis]));
      const lengths = axes.map((axis, k) => number(data.origin[k] + voxelOf(axis, at[axis]) * data.voxel, 4));
      const values = ["before", "after"].map(key => {
        const map = data.maps[key];
        const density = densityOf(map, voxels[key][i]);
        return map.name + " " + number(density) + " (" + number((density - map.mean) / map.deviation, 2) + " σ)";
      });
      const found = resolution && resolution[i] > 0 ? "local resolution " + number(resolutionOf(resolution[i])) + " Å" : "no local resolution";
      const line = byId("values");
      line.setAttribute("aria-live", isPolite ? "polite" : "off");
      line.textContent = "Voxel " + parts.join(", ") + " (" + lengths.join(", ") + " Å): " + values.join(", ")
        + (resolution ? ", " + found : "") + ", " + (mask[i] > 0 ? "inside" : "outside") + " the mask.";
    }

    function pointed(side, event) {
      const [right, up] = planes[across];
      const box = side.canvas.getBoundingClientRect();
      const at = { ...place };
      const within = (share, size) => Math.min(size - 1, Math.max(0, Math.floor(share * size)));
      at[right] = within((event.clientX - box.left) / box.width, count[right]);
      at[up] = count[up] - 1 - within((event.clientY - box.top) / box.height, count[up]);
      return at;
    }

    function move(axis, by) {
      place[axis] = Math.min(count[axis] - 1, Math.max(0, place[axis] + by));
      redraw();
      say(place, true);
    }

    for (const side of sides) {
      side.canvas.addEventListener("pointermove", event => say(pointed(side, event), false));
      side.canvas.addEventListener("click", event => {
        Object.assign(place, pointed(side, event));
        redraw();
      });
      side.canvas.addEventListener("keydown", event => {
        const [right, up] = planes[across];
        const step = { ArrowLeft: [right, -1], ArrowRight: [right, 1], ArrowDown: [up, -1], ArrowUp: [up, 1], PageUp: [across, 1], PageDown: [across, -1] }[event.key];
        if (step) {
          event.preventDefault();
          move(...step);
        }
      });
    }
    for (const axis of axes) {
      const slider = byId("place-" + axis);
      slider.max = count[axis] - 1;
      slider.addEventListener("input", () => {
        place[axis] = Number(slider.value);
        slider.setAttribute("aria-valuetext", axis + " = " + voxelOf(axis, place[axis]));
        redraw();
        say(place, false);
      });
      byId("axis-" + axis).addEventListener("change", () => {
        across = axis;
        redraw();
      });
    }
    byId("swap-slices").addEventListener("click", event => {
      [sides[0].map, sides[1].map] = [sides[1].map, sides[0].map];
      event.currentTarget.setAttribute("aria-pressed", String(sides[0].map === "after"));
      redraw();
    });
    showsOutline.addEventListener("change", redraw);
    showsResolution.addEventListener("change", redraw);
    addEventListener("resize", redraw);

    byId("slices").hidden = false;
    document.body.classList.add("live-slices");
    draw();
    say(place, false);
  }

  // ---- Surface: rays through the voxels, on the graphics processor or what stands for it.
  const vertices = `#version 300 es
    out vec2 place;
    void main() {
      vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0;
      place = corner;
      gl_Position = vec4(corner, 0.0, 1.0);
    }`;

  const fragments = `#version 300 es
    precision highp float;
    precision highp sampler3D;
    uniform sampler3D densities, shapes, resolutions;
    uniform vec3 size, palette[9], paper;
    uniform mat3 turn;
    uniform vec2 extent;
    uniform float level;
    uniform bool isColored, isMasked;
    in vec2 place;
    out vec4 color;

    float density(vec3 p) { return texture(densities, p / size).r; }

    bool isInside(vec3 p) { return density(p) >= level && (!isMasked || texture(shapes, p / size).r > 0.5 / 255.0); }

    // The mean of the resolutions around a place, of those texels that have one; 0 for none.
    float resolution(vec3 p) {
      ivec3 low = ivec3(floor(p - 0.5)), end = ivec3(size) - 1;
      vec3 share = p - 0.5 - vec3(low);
      float sum = 0.0, weight = 0.0;
      for (int i = 0; i < 8; i++) {
        ivec3 corner = ivec3(i & 1, (i >> 1) & 1, i >> 2);
        float value = texelFetch(resolutions, clamp(low + corner, ivec3(0), end), 0).r;
        vec3 near = mix(1.0 - share, share, vec3(corner));
        if (value > 0.0) {
          float part = near.x * near.y * near.z + 1e-4;
          sum += part * value;
          weight += part;
        }
      }
      return weight > 0.0 ? sum / weight : 0.0;
    }

    vec3 shadeOf(float value) {
      float at = clamp((value * 255.0 - 1.0) / 254.0, 0.0, 1.0) * 8.0;
      int below = min(int(at), 7);
      return mix(palette[below], palette[below + 1], at - float(below));
    }

    void main() {
      float radius = 0.5 * length(size);
      vec3 ray = turn * vec3(0.0, 0.0, -1.0);
      vec3 start = 0.5 * size + turn * vec3(place * extent, radius);
      vec3 toLow = (vec3(0.0) - start) / ray, toHigh = (size - start) / ray;
      vec3 near = min(toLow, toHigh), far = max(toLow, toHigh);
      float from = max(max(near.x, near.y), max(near.z, 0.0)), to = min(far.x, min(far.y, far.z));
      color = vec4(paper, 1.0);
      const float stride = 0.75;
      for (float way = from; way < to; way += stride) {
        vec3 p = start + way * ray;
        if (!isInside(p)) {
          continue;
        }
        float outer = max(from, way - stride), inner = way;
        for (int i = 0; i < 5; i++) {
          float middle = 0.5 * (outer + inner);
          if (isInside(start + middle * ray)) { inner = middle; } else { outer = middle; }
        }
        p = start + inner * ray;
        vec3 slope = vec3(
          density(p + vec3(1, 0, 0)) - density(p - vec3(1, 0, 0)),
          density(p + vec3(0, 1, 0)) - density(p - vec3(0, 1, 0)),
          density(p + vec3(0, 0, 1)) - density(p - vec3(0, 0, 1)));
        vec3 normal = -normalize(slope + 1e-6 * ray);
        vec3 lamp = turn * normalize(vec3(-0.45, 0.6, 0.8));
        float light = 0.3 + 0.55 * max(dot(normal, lamp), 0.0) + 0.25 * max(dot(normal, -ray), 0.0);
        float value = isColored ? resolution(p) : 0.0;
        vec3 paint = value > 0.0 ? shadeOf(value) : vec3(0.72);
        float depth = inner / (2.0 * radius);
        color = vec4(mix(paint * light, paper, 0.55 * smoothstep(0.25, 1.0, depth)), 1.0);
        return;
      }
    }`;

  function startSurface(voxels, mask, resolution) {
    const canvas = byId("surface-canvas");
    const gl = canvas.getContext("webgl2", { antialias: false, preserveDrawingBuffer: true });
    if (!gl) {
      tell("This browser has no WebGL 2, so that the surface is a picture that cannot be turned.");
      return;
    }

    const program = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, vertices], [gl.FRAGMENT_SHADER, fragments]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
      tell("The graphics driver of this computer refused to draw the surface; it is a picture that cannot be turned.");
      return;
    }
    gl.useProgram(program);
    gl.bindVertexArray(gl.createVertexArray());
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);

    function texture(unit, values, filter) {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_3D, gl.createTexture());
      for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T, gl.TEXTURE_WRAP_R]) {
        gl.texParameteri(gl.TEXTURE_3D, side, gl.CLAMP_TO_EDGE);
      }
      gl.texParameteri(gl.TEXTURE_3D, gl.TEXTURE_MIN_FILTER, filter);
      gl.texParameteri(gl.TEXTURE_3D, gl.TEXTURE_MAG_FILTER, filter);
      gl.texImage3D(gl.TEXTURE_3D, 0, gl.R8, nx, ny, nz, 0, gl.RED, gl.UNSIGNED_BYTE, values);
    }
    texture(0, voxels.before, gl.LINEAR);
    texture(1, voxels.after, gl.LINEAR);
    texture(2, mask, gl.LINEAR);
    texture(3, resolution || new Uint8Array(nx * ny * nz), gl.NEAREST);

    const uniform = name => gl.getUniformLocation(program, name);
    gl.uniform1i(uniform("shapes"), 2);
    gl.uniform1i(uniform("resolutions"), 3);
    gl.uniform3f(uniform("size"), nx, ny, nz);
    gl.uniform3fv(uniform("palette"), palette.flat().map(channel => channel / 255));
    gl.uniform3f(uniform("paper"), 1, 1, 1);
    const places = { densities: uniform("densities"), turn: uniform("turn"), extent: uniform("extent"), level: uniform("level"), isColored: uniform("isColored"), isMasked: uniform("isMasked") };

    const slider = byId("contour");
    const colors = byId("color-surface");
    const masks = byId("mask-surface");
    byId("color-surface-label").hidden = !resolution;
    let shown = "after";
    let level = data.maps.after.contour;
    let turn = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    let zoom = 1;
    let fine = 0;
    let waiting = false;
    const radius = 0.5 * Math.hypot(nx, ny, nz);

    // Voxels of the whole map that reach a density, between the levels that were counted.
    function enclosed(map, density) {
      const at = Math.min(Math.max((density - map.low) / (map.high - map.low), 0), 1) * (map.enclosed.length - 1);
      const below = Math.min(Math.floor(at), map.enclosed.length - 2);
      return map.enclosed[below] + (at - below) * (map.enclosed[below + 1] - map.enclosed[below]);
    }

    function densityEnclosing(map, voxelCount) {
      const above = map.enclosed.findIndex(each => each < voxelCount);
      if (above <= 0) {
        return above === 0 ? map.low : map.high;
      }
      const share = (map.enclosed[above - 1] - voxelCount) / (map.enclosed[above - 1] - map.enclosed[above]);
      return map.low + (above - 1 + share) / (map.enclosed.length - 1) * (map.high - map.low);
    }

    function redraw(isMoving) {
      if (isMoving) {
        clearTimeout(fine);
        fine = setTimeout(() => redraw(false), 200);
      }
      if (!waiting) {
        waiting = true;
        requestAnimationFrame(() => {
          waiting = false;
          draw(isMoving);
        });
      }
    }

    // While it turns, with fewer rays; a processor that stands for a graphics card has time for those.
    function draw(isMoving) {
      const shrink = isMoving ? 0.5 : 1;
      const wide = Math.max(200, canvas.clientWidth);
      const scale = Math.min(window.devicePixelRatio || 1, 1.5) * shrink;
      canvas.width = Math.round(wide * scale);
      canvas.height = Math.round(wide * 0.75 * scale);
      gl.viewport(0, 0, canvas.width, canvas.height);
      const map = data.maps[shown];
      const half = 0.62 * radius / zoom;
      gl.uniform1i(places.densities, shown === "before" ? 0 : 1);
      gl.uniformMatrix3fv(places.turn, false, turn);
      gl.uniform2f(places.extent, half * canvas.width / canvas.height, half);
      gl.uniform1f(places.level, (level - map.low) / (map.high - map.low));
      gl.uniform1i(places.isColored, resolution && colors.checked ? 1 : 0);
      gl.uniform1i(places.isMasked, masks.checked ? 1 : 0);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
      canvas.dataset.frames = Number(canvas.dataset.frames || 0) + 1;
    }

    function say() {
      const map = data.maps[shown];
      const volume = enclosed(map, level) * data.voxel ** 3;
      const text = number((level - map.mean) / map.deviation) + " σ, " + number(level) + "; encloses " + number(volume / (1000 * data.perDalton)) + " kDa, "
        + number(volume) + " Å³";
      byId("contour-text").textContent = text;
      slider.setAttribute("aria-valuetext", text);
      slider.value = Math.round(1000 * (level - map.mean) / (map.high - map.mean));
      byId("caption-surface").textContent = map.name;
      canvas.setAttribute("aria-label", "Surface of the map, " + map.name + ", at " + text);
      canvas.dataset.shown = shown;
    }

    // What is on screen turns about the axes of the screen.
    function rotate(aboutX, aboutY) {
      const [cx, sx, cy, sy] = [Math.cos(aboutX), Math.sin(aboutX), Math.cos(aboutY), Math.sin(aboutY)];
      const by = [cy, sx * sy, -cx * sy, 0, cx, sx, sy, -sx * cy, cx * cy];
      turn = [0, 1, 2].flatMap(column => [0, 1, 2].map(row => [0, 1, 2].reduce((sum, k) => sum + turn[3 * k + row] * by[3 * column + k], 0)));
      redraw(true);
    }

    function come(factor) {
      zoom = Math.min(12, Math.max(0.4, zoom * factor));
      redraw(true);
    }

    slider.addEventListener("input", () => {
      const map = data.maps[shown];
      level = map.mean + slider.value / 1000 * (map.high - map.mean);
      say();
      redraw(true);
    });
    byId("swap-surface").addEventListener("click", event => {
      const voxelCount = enclosed(data.maps[shown], level);
      shown = shown === "after" ? "before" : "after";
      level = densityEnclosing(data.maps[shown], voxelCount);
      event.currentTarget.textContent = shown === "after" ? "Show before sharpening" : "Show after sharpening";
      event.currentTarget.setAttribute("aria-pressed", String(shown === "before"));
      say();
      redraw(false);
    });
    byId("reset-surface").addEventListener("click", () => {
      turn = [1, 0, 0, 0, 1, 0, 0, 0, 1];
      zoom = 1;
      level = data.maps[shown].contour;
      say();
      redraw(false);
    });
    colors.addEventListener("change", () => redraw(false));
    masks.addEventListener("change", () => redraw(false));
    canvas.addEventListener("pointerdown", event => canvas.setPointerCapture(event.pointerId));
    canvas.addEventListener("pointermove", event => {
      if (event.buttons & 1) {
        rotate(event.movementY * 0.01, event.movementX * 0.01);
      }
    });
    canvas.addEventListener("wheel", event => {
      event.preventDefault();
      come(event.deltaY < 0 ? 1.15 : 1 / 1.15);
    }, { passive: false });
    canvas.addEventListener("keydown", event => {
      const turns = { ArrowLeft: [0, -0.15], ArrowRight: [0, 0.15], ArrowUp: [-0.15, 0], ArrowDown: [0.15, 0] }[event.key];
      const factor = { "+": 1.15, "=": 1.15, "-": 1 / 1.15 }[event.key];
      if (turns || factor) {
        event.preventDefault();
        turns ? rotate(...turns) : come(factor);
      }
    });
    canvas.addEventListener("webglcontextlost", () => {
      document.body.classList.remove("live-surface");
      byId("surface").hidden = true;
      tell("The graphics card gave up drawing the surface; it is a picture that cannot be turned. Load the page again to try once more.");
    });
    addEventListener("resize", () => redraw(true));

    byId("surface").hidden = false;
    document.body.classList.add("live-surface");
    say();
    draw(false);
  }

  async function start() {
    const [before, after, mask, resolution] = await Promise.all(["voxels-before", "voxels-after", "voxels-mask", "voxels-resolution"].map(unpack));
    startSlices({ before, after }, mask, resolution);
    try {
      startSurface({ before, after }, mask, resolution);
    } catch (refusal) {
      tell("This browser cannot draw the surface (" + refusal.message + "); it is a picture that cannot be turned.");
    }
    document.body.dataset.ready = "true";
  }

  start().catch(() => tell("This browser cannot unpack the voxels of this page, so that slices and surface are pictures. A newer one can."));
})();
