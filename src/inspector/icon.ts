/** The mark of the inspector: a flask with a lens. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#2f8f84" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round">
<path d="M11 4h8M12 4v7L6 23a3 3 0 0 0 3 4h7M18 4v5"/>
<circle cx="21" cy="18" r="5.5"/>
<path d="m25 22 4 4"/>
</svg>
`
